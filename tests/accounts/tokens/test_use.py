"""How much a token is used: page and operation (API-3)."""

from datetime import UTC, datetime, timedelta

import time_machine
from django.test import Client

from accounts.tokens.models import TokenDay, TokenMinute
from accounts.tokens.periodic import drain_token_use
from accounts.tokens.use import Use, move_use, recent_use
from manager.kit.clock import now
from manager.kit.ratelimit import redis_client
from tests.factories.people import register, signed_in
from tests.factories.tokens import make_api_token, token_client

PATH = "/api/1/profile"
NOON = datetime(2027, 3, 14, 23, 58, 30, tzinfo=UTC)


def client_with(secret: str) -> Client:
    return Client(headers={"authorization": f"Bearer {secret}"})


def use_of(token, *, at) -> tuple[dict[datetime, Use], dict]:
    """Return the minutes and days in which something came."""
    minutes, days = recent_use(token=token, at=at)
    assert (len(minutes), len(days)) == (60, 30)
    return ({each: use for each, use in found.items() if use.requests} for found in (minutes, days))


def test_counts_requests_and_refusals_by_minute_and_day():
    """API-3: also before they are moved; moved twice, after a crash in between, they count once."""
    user = register()
    with time_machine.travel(NOON, tick=False):
        token, secret = make_api_token(user)
        client = client_with(secret)
        assert client.get(PATH).status_code == 200
        assert client.get("/api/1/organizations/current/invoices").status_code == 403
    with time_machine.travel(NOON + timedelta(minutes=4), tick=False):
        for _ in range(3):
            client.get(PATH)
        first, second = NOON.replace(second=0), NOON.replace(second=0) + timedelta(minutes=4)
        expected = (
            {first: Use(2, 1), second: Use(3, 0)},
            {first.date(): Use(2, 1), second.date(): Use(3, 0)},
        )
        assert tuple(use_of(token, at=now())) == expected
        assert move_use(at=now()) == 1  # the present minute goes on
        assert tuple(use_of(token, at=now())) == expected
        assert move_use(at=now() + timedelta(minutes=3)) == 1
        assert tuple(use_of(token, at=now())) == expected
        assert TokenMinute.objects.count() == TokenDay.objects.count() == 2
    with time_machine.travel(NOON + timedelta(days=30, minutes=4), tick=False):
        drain_token_use(at=now())
    assert (TokenMinute.objects.count(), TokenDay.objects.count()) == (0, 0)


def test_counts_a_minute_once(settings):
    """API-3: a crash between the table and Redis leaves the count in both."""
    token, _secret = make_api_token(register())
    redis = redis_client(settings.REDIS_URL)
    minute = now().replace(second=0, microsecond=0)
    for _crash in range(2):
        redis.hset("token-use", f"{token.pk}:{int(minute.timestamp()) // 60}", 7)
        move_use(at=minute + timedelta(minutes=3))
    assert (TokenDay.objects.get().requests, TokenMinute.objects.get().requests) == (7, 7)
    assert redis.hgetall("token-use") == {}


def test_shows_them_on_the_page_and_over_the_api(settings):
    """API-3: to the person alone; without Redis, what was moved."""
    user = register()
    token, secret = make_api_token(user)
    page = signed_in(user)
    assert "Nothing was asked" in page.get(f"/profile/tokens/{token.pk}/").content.decode()
    client = client_with(secret)
    for _ in range(2):
        told = client.get(f"/api/1/profile/tokens/{token.pk}/use").json()["data"]
    assert [sum(row[kind] for row in told["minutes"]) for kind in ("requests", "refused")] == [2, 0]
    assert (len(told["minutes"]), len(told["days"]), told["last_used_address"]) == (60, 30, "127.0.0.1")
    shown = page.get(f"/profile/tokens/{token.pk}/").content.decode()
    assert "Requests by day" in shown
    stranger = token_client(register(), "profile:read")
    assert stranger.get(f"/api/1/profile/tokens/{token.pk}/use").status_code == 404
    settings.REDIS_URL = "redis://127.0.0.1:1/0"
    assert page.get(f"/profile/tokens/{token.pk}/").status_code == 200
