"""Requests with a token: who, what, how often (API-2, API-3, API-4)."""

import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.db import connections
from django.test import Client

from accounts.tokens.api import PersonAPIView
from accounts.tokens.models import ApiToken
from accounts.tokens.secrets import make_token
from accounts.tokens.services import create_token
from manager.kit.scope import person_scope
from tests.factories.people import present, register, signed_in, visitor

PATH = "/api/1/profile"


def make_secret(user, *scopes: str) -> str:
    with person_scope(user.pk):
        _, secret = create_token(
            user=user,
            name="Job",
            scopes=scopes or ["profile:read", "profile:write"],
            organization_id=None,
            expires_at=present() + timedelta(days=30),
            actor=visitor(),
            at=present(),
        )
    return secret


def client_with(secret: str) -> Client:
    return Client(headers={"authorization": f"Bearer {secret}"})


class TestProfile:
    """The person's own profile over the API."""

    def test_is_read(self):
        """API-1: with and without version."""
        user = register()
        client = client_with(make_secret(user))
        for path in (PATH, "/api/profile"):
            answer = client.get(path).json()
            assert answer["result"] == "success"
            assert answer["data"]["email"] == user.email
            assert "password" not in answer["data"]

    def test_is_changed(self):
        """API-1: what is left out stays."""
        user = register()
        answer = client_with(make_secret(user)).patch(
            PATH, {"first_name": "Carlotta", "language": "it"}, content_type="application/json"
        )
        assert answer.status_code == 200
        user.refresh_from_db()
        assert (user.first_name, user.last_name, user.language) == ("Carlotta", "Brunner", "it")

    @pytest.mark.parametrize(
        "body",
        [
            '{"first_name": ""}',
            '{"first_name": null}',
            '{"first_name": ["x"]}',
            '{"first_name": {"x": 1}}',
            '{"first_name": "a\\u0000b"}',
            '{"first_name": "a\\u001bb"}',
            '{"first_name": "\\ud800"}',
            '{"first_name": "' + "x" * 81 + '"}',
            '{"language": "xx"}',
            '{"language": []}',
            '{"time_zone": "Mars/Olympus"}',
            '{"theme": true}',
            "[]",
            "7",
            '"x"',
            "{",
            "",
            "\x00",
        ],
    )
    def test_refuses_bad_input(self, body):
        """API-4: 4xx and the one error shape."""
        answer = client_with(make_secret(register())).patch(PATH, body, content_type="application/json")
        if body == "":
            assert answer.status_code in {200, 400}  # nothing to change is no mistake
            return
        assert 400 <= answer.status_code < 500
        assert answer.json()["result"] == "error"
        assert answer.json()["error"]["code"]

    def test_refuses_ten_megabytes(self):
        """API-4: never a 500."""
        body = '{"first_name": "' + "x" * 10_000_000 + '"}'
        answer = client_with(make_secret(register())).patch(PATH, body, content_type="application/json")
        assert 400 <= answer.status_code < 500

    def test_lists_tokens_without_secrets(self):
        """ACC-16, INC-4: to see, not to make."""
        user = register()
        secret = make_secret(user)
        client = client_with(secret)
        answer = client.get("/api/1/profile/tokens")
        assert [token["name"] for token in answer.json()["data"]] == ["Job"]
        assert secret not in answer.content.decode()
        assert client.post("/api/1/profile/tokens", {}, content_type="application/json").status_code == 405


class TestTokenAuthentication:
    """Only a usable token of an active person opens anything."""

    def test_asks_for_one(self):
        """API-2: 401 and what to send."""
        answer = Client().get(PATH)
        assert answer.status_code == 401
        assert answer["WWW-Authenticate"].startswith("Bearer")
        assert answer.json()["error"]["code"] == "not_authorized"

    @pytest.mark.parametrize(
        "header",
        [
            "Bearer",
            "Bearer ",
            "Bearer x",
            "Basic YTpi",
            "Token abc",
            "Bearer " + "x" * 9000,
            "Bearer \x00",
            "Bearer é",
        ],
    )
    def test_refuses_what_is_no_token(self, header):
        """API-2: all alike."""
        answer = Client(headers={"authorization": header}).get(PATH)
        assert answer.status_code == 401

    def test_refuses_unknown_expired_and_closed_alike(self, time_machine_at):
        """ACC-16."""
        user = register()
        secret = make_secret(user)
        answers = [client_with(make_token()).get(PATH)]
        with time_machine_at(days=31):
            answers.append(client_with(secret).get(PATH))
        type(user).objects.filter(pk=user.pk).update(is_active=False)
        answers.append(client_with(secret).get(PATH))
        assert {(answer.status_code, answer.content) for answer in answers} == {(401, answers[0].content)}

    def test_takes_no_session(self):
        """A browser's cookie opens no API: no foreign page can use it."""
        assert signed_in(register()).get(PATH).status_code == 401

    def test_opens_no_page(self):
        """A token is for the API alone."""
        assert client_with(make_secret(register())).get("/profile/").status_code == 302

    def test_notes_its_last_use(self):
        """ACC-16."""
        secret = make_secret(register())
        assert ApiToken.objects.get().last_used_at is None
        client_with(secret).get(PATH)
        assert ApiToken.objects.get().last_used_at is not None


class TestScopes:
    """A token does what it was made for."""

    def test_are_needed_for_each_method(self):
        """API-2: 403 names the missing one."""
        client = client_with(make_secret(register(), "profile:read"))
        assert client.get(PATH).status_code == 200
        refused = client.patch(PATH, {"first_name": "X"}, content_type="application/json")
        assert refused.status_code == 403
        assert "profile:write" in refused.json()["error"]["description"]
        assert client_with(make_secret(register(), "billing:read")).get(PATH).status_code == 403

    def test_are_closed_by_omission(self):
        """API-2: a method without a scope is no method."""
        assert client_with(make_secret(register())).delete(PATH).status_code == 405

    def test_are_from_one_vocabulary(self):
        """A mistyped scope is found when the panel starts."""
        with pytest.raises(ImproperlyConfigured, match="products:raed"):

            class Mistyped(PersonAPIView):
                scopes = {"GET": "products:raed"}


class TestRateLimit:
    """60 requests a minute, held under concurrency (API-3)."""

    def test_lets_sixty_through_of_many_at_once(self):
        """API-3: DRF's own throttle let all of them through."""
        secret = make_secret(register())

        def ask(_) -> int:
            try:
                return client_with(secret).get(PATH).status_code
            finally:
                connections.close_all()

        with ThreadPoolExecutor(12) as pool:
            codes = list(pool.map(ask, range(90)))
        assert codes.count(200) == 60
        assert codes.count(429) == 30

    def test_tells_what_is_left_on_every_answer(self):
        """API-3: RateLimit, RateLimit-Policy, and Retry-After with 429."""
        client = client_with(make_secret(register(), "billing:read"))
        first = client.get(PATH)
        assert first.status_code == 403
        assert first["RateLimit-Policy"] == '"default";q=60;w=60'
        assert first["RateLimit"].startswith('"default";r=59;t=')
        for _ in range(59):
            client.get(PATH)
        refused = client.get(PATH)
        assert refused.status_code == 429
        assert 1 <= int(refused["Retry-After"]) <= 60
        assert refused.json()["error"]["code"] == "too_many_requests"

    def test_counts_those_without_a_token_by_address(self):
        """ACC-17: guessing tokens is slowed, too, and does not slow others."""
        codes = [client_with(make_token()).get(PATH).status_code for _ in range(61)]
        assert codes == [401] * 60 + [429]
        assert client_with(make_secret(register())).get(PATH).status_code == 200

    def test_goes_on_reading_without_redis(self, settings, caplog):
        """Reads pass, writes do not, and it is logged as an error."""
        client = client_with(make_secret(register()))
        settings.REDIS_URL = "redis://127.0.0.1:1/0"
        assert client.get(PATH).status_code == 200
        refused = client.patch(PATH, {"first_name": "X"}, content_type="application/json")
        assert refused.status_code == 503
        assert refused["Retry-After"]
        assert refused.json()["error"]["code"] == "unavailable_for_the_moment"
        assert "cannot reach Redis" in caplog.text


class TestThreads:
    """A token's scope ends with its request."""

    def test_leaves_no_scope_behind(self):
        """ORG-17."""
        from manager.kit.scope import NO_SCOPE, current_scope

        client_with(make_secret(register())).get(PATH)
        assert current_scope() == NO_SCOPE
        assert threading.current_thread() is threading.main_thread()
