"""How much a token is used: page and operation (API-3)."""

from datetime import UTC, datetime, timedelta

import time_machine
from django.test import Client

from accounts.applications.models import OAuthConsent
from accounts.tokens.models import TokenDay, TokenMinute
from accounts.tokens.periodic import drain_token_use
from accounts.tokens.use import Use, move_use, recent_use
from manager.kit.clock import now
from manager.kit.ratelimit import redis_client
from tests.factories.cast import make_tenant
from tests.factories.oauth import (
    READ,
    bearer,
    code_for,
    make_application,
    make_service,
    renew,
    take_service_token,
    take_tokens,
)
from tests.factories.people import register, signed_in
from tests.factories.tokens import make_api_token, token_client

PATH = "/api/1/profile"
NOON = datetime(2027, 3, 14, 23, 58, 30, tzinfo=UTC)


def client_with(secret: str) -> Client:
    return Client(headers={"authorization": f"Bearer {secret}"})


def use_of(token, *, at) -> tuple[dict[datetime, Use], dict]:
    """Return the minutes and days in which something came."""
    minutes, days = recent_use(program=token, at=at)
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


def test_counts_an_application_for_who_allowed_it():
    """API-3: new tokens of a consent go on counting for it; another person's are that person's."""
    application, secret = make_application(register())
    person, other = register(), register()
    consents = []
    for each in (person, other):
        tokens = take_tokens(
            application, secret, code_for(signed_in(each), application, "all", scope=READ)
        ).json()
        consents.append(OAuthConsent.objects.get(user=each))
        assert bearer(tokens["access_token"]).get(PATH).status_code == 403
        renewed = renew(application, secret, tokens["refresh_token"]).json()
        assert bearer(renewed["access_token"]).get("/api/1/organizations/current/products").status_code == 404
    assert [sum(u.requests for u in recent_use(program=one, at=now())[0].values()) for one in consents] == [
        2,
        2,
    ]
    assert move_use(at=now() + timedelta(minutes=3)) == 2
    assert sorted(TokenDay.objects.values_list("consent", "token", "application", "requests", "refused")) == [
        (one.pk, None, None, 2, 2) for one in consents
    ]
    script = token_client(person, "profile:read")
    told = script.get(f"/api/1/profile/applications/{consents[0].pk}/use").json()["data"]
    assert [sum(row[kind] for row in told["days"]) for kind in ("requests", "refused")] == [2, 2]
    assert script.get(f"/api/1/profile/applications/{consents[1].pk}/use").status_code == 404
    page = signed_in(person)
    assert "Requests by day" in page.get(f"/profile/applications/{consents[0].pk}/").content.decode()
    assert page.get(f"/profile/applications/{consents[1].pk}/").status_code == 404
    assert f"/profile/applications/{consents[0].pk}/" in page.get("/profile/applications/").content.decode()


def test_counts_a_service_for_itself():
    """API-3: on the page of the developer; what people let other applications do is not told there."""
    developer = register()
    service, secret = make_service(developer, make_tenant(developer))
    token = take_service_token(service, secret).json()["access_token"]
    assert bearer(token).get("/api/1/organizations/current/products").status_code == 200
    script = token_client(developer, "profile:read")
    told = script.get(f"/api/1/profile/developer/{service.pk}/use").json()["data"]
    assert sum(row["requests"] for row in told["minutes"]) == 1
    page = signed_in(developer)
    assert "Requests by day" in page.get(f"/profile/developer/{service.pk}/").content.decode()
    foreign = token_client(register(), "profile:read")
    assert foreign.get(f"/api/1/profile/developer/{service.pk}/use").status_code == 404
    assert move_use(at=now() + timedelta(minutes=3)) == 3
    TokenMinute.objects.filter(application=service).get()
    service.delete()
    assert not TokenDay.objects.filter(token=None).exists()
