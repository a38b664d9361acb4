"""The endpoints that clients call: at once, too often, badly, and from other sites (ACC-16, INC-35)."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from django.conf import settings
from django.db import connections
from django.test import Client

from accounts.applications.models import ApplicationKind, OAuthAccessToken, OAuthCode, OAuthRefreshToken
from accounts.applications.services import rotate_secret
from accounts.tokens.secrets import ACCESS, make_token
from tests.factories.oauth import bearer, code_for, make_application, renew, take_tokens
from tests.factories.people import present, register, signed_in, visitor

ENDPOINTS = ["/oauth/token/", "/oauth/revoke/", "/oauth/introspect/"]


@pytest.fixture
def granted():
    application, secret = make_application(register())
    return application, secret, code_for(signed_in(register()), application, scope="profile:read")


def at_once(times, call):
    def run(_):
        try:
            return call()
        finally:
            connections.close_all()

    with ThreadPoolExecutor(times) as pool:
        return list(pool.map(run, range(times)))


class TestAtOnce:
    """Codes and refresh tokens are exchanged under their row's lock."""

    def test_gives_one_token_for_a_code_sent_twenty_times(self, granted):
        """ACC-16: one succeeds; the others are a second use, which ends what the first one gave."""
        answers = at_once(20, lambda: take_tokens(*granted))
        assert sorted(answer.status_code for answer in answers) == [200] + [400] * 19
        assert {answer.json()["error"] for answer in answers if answer.status_code == 400} == {
            "invalid_grant"
        }
        [token] = [answer.json()["access_token"] for answer in answers if answer.status_code == 200]
        assert bearer(token).get("/api/1/profile").status_code == 401
        assert not OAuthAccessToken.objects.exists()

    def test_renews_once_of_ten(self, granted):
        """ACC-16: and never answers with an empty token."""
        application, secret, code = granted
        refresh = take_tokens(application, secret, code).json()["refresh_token"]
        answers = at_once(10, lambda: renew(application, secret, refresh))
        assert sorted(answer.status_code for answer in answers) == [200] + [400] * 9
        assert not OAuthRefreshToken.objects.filter(revoked=None).exists()


class TestClients:
    """Who a client is, is proved by its secret."""

    def test_need_their_secret(self, granted):
        """ACC-16."""
        application, _secret, code = granted
        for wrong in ("", "x", make_token("mgs_")):
            answer = take_tokens(application, wrong, code)
            assert answer.status_code == 401
            assert answer.json()["error"] == "invalid_client"
        assert OAuthCode.objects.get().used_at is None

    def test_lose_the_secret_before_at_once(self, granted):
        """ACC-16."""
        application, secret, code = granted
        fresh = rotate_secret(application=application, actor=visitor(), at=present())
        assert take_tokens(application, secret, code).status_code == 401
        assert take_tokens(application, fresh, code).status_code == 200

    def test_without_secret_take_nothing_by_client_credentials(self):
        """INC-4: an app on a device is no service."""
        application, _ = make_application(register(), kind=ApplicationKind.NATIVE)
        fields = {"grant_type": "client_credentials", "client_id": application.client_id, "client_secret": ""}
        answer = Client().post("/oauth/token/", fields)
        assert answer.status_code in {400, 401}
        assert not OAuthAccessToken.objects.exists()

    def test_of_a_closed_account_get_nothing(self, granted):
        """ACC-15."""
        application, secret, code = granted
        token = take_tokens(application, secret, code).json()["access_token"]
        type(application.user).objects.filter(pk=application.user_id).update(is_active=False)
        assert bearer(token).get("/api/1/profile").status_code == 401
        assert take_tokens(application, secret, code).status_code == 401

    @pytest.mark.parametrize("grant", ["password", "implicit", "refresh_token", "", "x", None])
    def test_get_nothing_by_other_grants(self, granted, grant):
        """ACC-16: what does not exist cannot be misused."""
        application, secret, _code = granted
        fields = {"client_id": application.client_id, "client_secret": secret, "scope": "profile:read"}
        fields |= {"username": application.user.email, "password": "quiet-harbour-violet-tandem"}
        answer = Client().post(
            "/oauth/token/", {**fields, **({"grant_type": grant} if grant is not None else {})}
        )
        assert answer.status_code == 400
        assert not OAuthAccessToken.objects.exists()


class TestEndpoints:
    """Strict in what they take."""

    @pytest.mark.parametrize("endpoint", ENDPOINTS)
    def test_take_posts_alone(self, endpoint):
        """INC-18: a secret never stands in an address."""
        for method in ("get", "head", "put", "delete", "patch", "options"):
            assert getattr(Client(), method)(endpoint).status_code == 405

    @pytest.mark.parametrize("endpoint", ENDPOINTS)
    @pytest.mark.parametrize(
        "body", ["", "{", "%zz=%zz", "\x00=\x00", "code=%00", "grant_type=authorization_code&code=a&code=b"]
    )
    def test_refuse_bad_bodies(self, endpoint, body):
        """INC-29: never a 500."""
        answer = Client().post(endpoint, body, content_type="application/x-www-form-urlencoded")
        assert 400 <= answer.status_code < 500
        assert answer["Cache-Control"] == "no-store"

    @pytest.mark.parametrize("endpoint", ENDPOINTS)
    def test_are_limited_by_address(self, endpoint):
        """ACC-17: guessing is slowed, and the answer says for how long."""
        codes = [Client().post(endpoint, {}).status_code for _ in range(121)]
        assert 429 not in codes[:120]
        assert codes[120] == 429
        assert int(Client().post(endpoint, {})["Retry-After"]) > 0

    def test_keep_answers_out_of_caches(self, granted):
        """INC-33."""
        assert take_tokens(*granted)["Cache-Control"] == "no-store"


ORIGINS = [
    "https://evilpanel.example",
    "https://panel.example.evil.example",
    "https://evil.example",
    "http://panel.example",
    "https://sub.panel.example",
    "https://panel.example:8443",
    "null",
    "",
    "https://PANEL.example",
    "https://panel.example/",
    "file://",
    "https://client.example",
    settings.PUBLIC_BASE_URL,
]


class TestOrigins:
    """No other site's script reads an answer."""

    @pytest.mark.parametrize("origin", ORIGINS, ids=range(len(ORIGINS)))
    @pytest.mark.parametrize(
        "address", ["/api/1/profile", "/profile/", "/.well-known/oauth-authorization-server"]
    )
    def test_are_never_allowed(self, origin, address):
        """INC-35: neither ACAO nor ACAC, on pages, the API and in answers to a preflight."""
        client = signed_in(register())
        for answer in (
            client.get(address, headers={"origin": origin}),
            client.options(address, headers={"origin": origin, "access-control-request-method": "GET"}),
        ):
            assert not [name for name in answer.headers if name.lower().startswith("access-control-")]

    @pytest.mark.parametrize("origin", ORIGINS, ids=range(len(ORIGINS)))
    def test_are_never_allowed_to_take_tokens(self, granted, origin):
        """INC-35: the protocol library would answer the registered ones."""
        application, secret, code = granted
        type(application).objects.update(allowed_origins="https://client.example")
        fields = {"grant_type": "authorization_code", "code": code, "redirect_uri": application.addresses[0]}
        fields |= {"code_verifier": "v" * 64, "client_id": application.client_id, "client_secret": secret}
        answer = Client().post("/oauth/token/", fields, headers={"origin": origin})
        assert answer.status_code == 200
        assert not [name for name in answer.headers if name.lower().startswith("access-control-")]


class TestAccessToken:
    """How the API answers an application's token (API-2, API-3, API-4)."""

    def test_is_refused_when_made_up(self):
        """API-4: the one error shape, and what OAuth clients look for."""
        answer = bearer(make_token(ACCESS)).get("/api/1/profile")
        assert answer.status_code == 401
        assert answer.json()["error"]["code"] == "not_authorized"
        assert 'error="invalid_token"' in answer["WWW-Authenticate"]

    def test_names_the_missing_scope(self, granted):
        """API-2."""
        token = take_tokens(*granted).json()["access_token"]
        answer = bearer(token).patch("/api/1/profile", {}, content_type="application/json")
        assert answer.status_code == 403
        assert 'error="insufficient_scope", scope="profile:write"' in answer["WWW-Authenticate"]

    def test_expires(self, granted, time_machine_at):
        """ACC-16: after an hour."""
        token = take_tokens(*granted).json()["access_token"]
        with time_machine_at(minutes=61):
            assert bearer(token).get("/api/1/profile").status_code == 401

    def test_has_one_allowance_with_those_before_it(self, granted, settings):
        """API-3: renewing brings no new one."""
        settings.API_REQUESTS_PER_MINUTE = 3
        application, secret, code = granted
        first = take_tokens(application, secret, code).json()
        codes = [bearer(first["access_token"]).get("/api/1/profile").status_code for _ in range(3)]
        second = renew(application, secret, first["refresh_token"]).json()
        assert [*codes, bearer(second["access_token"]).get("/api/1/profile").status_code] == [
            200,
            200,
            200,
            429,
        ]

    def test_opens_no_page(self, granted):
        """INC-4: for the API alone."""
        token = take_tokens(*granted).json()["access_token"]
        assert bearer(token).get("/profile/").status_code == 302
