"""Brute force is slowed and locked (ACC-17, INC-11, INC-12)."""

import pytest
from django.urls import URLPattern, get_resolver

from accounts.sessions.models import Session
from tests.factories.people import browser, events_called, give_password, mails, register, signed_in

WRONG = "wrong-password-entirely"
# What the app on a linked phone calls, without a session.
PHONE_OPERATIONS = ("offer", "link", "requests", "answer", "unlink", "subscribe")


def guess(client, user, times: int) -> list[int]:
    return [give_password(client, user, WRONG).status_code for _ in range(times)]


class TestLockPerLogin:
    """Ten failures in a quarter of an hour are enough."""

    def test_locks_after_ten_guesses_from_anywhere(self):
        """ACC-17: also with the right password, and from another address."""
        user = register()
        for number in range(10):
            assert give_password(browser(), user, WRONG, address=f"192.0.2.{number}").status_code == 422
        answer = browser().post(
            "/sign-in/",
            {"email": user.email, "password": "quiet-harbour-violet-tandem"},
            REMOTE_ADDR="192.0.2.99",
        )
        assert answer.status_code == 429
        assert int(answer["Retry-After"]) > 0

    def test_locks_unknown_logins_alike(self):
        """INC-8: the lock tells nothing either."""
        codes = [
            browser().post("/sign-in/", {"email": "nobody@example.org", "password": WRONG}).status_code
            for _ in range(11)
        ]
        assert 429 in codes
        user = register()
        assert guess(browser(), user, 11) == codes

    def test_is_not_lifted_by_good_sign_ins_of_another(self):
        """INC-11: alternating guesses with one's own sign-in does not help."""
        victim, attacker = register(), register()
        codes = []
        for _ in range(11):
            codes += guess(browser(), victim, 1)
            give_password(browser(), attacker)
        assert codes[-1] == 429

    def test_does_not_count_good_sign_ins(self):
        """Signing in often is no attack."""
        user = register()
        assert {give_password(browser(), user).status_code for _ in range(15)} == {302}

    def test_leaves_the_owner_in_a_known_browser_alone(self):
        """ACC-17: nobody can lock out the owner from far away."""
        user = register()
        home = signed_in(user)
        home.post("/sign-out/")
        for _ in range(12):
            browser().post("/sign-in/", {"email": user.email, "password": WRONG}, REMOTE_ADDR="192.0.2.66")
        assert give_password(home, user).status_code == 302

    def test_tells_the_owner_once(self):
        """ACC-17: a mail, not a flood of them."""
        user = register()
        for _ in range(14):
            browser().post("/sign-in/", {"email": user.email, "password": WRONG}, REMOTE_ADDR="192.0.2.66")
        assert len(events_called("user.sign_in_locked")) == 1
        [mail] = mails(template="sign_in_locked")
        assert mail.recipient == user.email
        assert "192.0.2.66" in mail.text

    def test_counts_codes_of_the_second_factor(self):
        """ACC-17: guessing six digits is slowed, too."""
        from tests.factories.people import turn_on_totp, wrong_code_of

        user = register()
        turn_on_totp(user)
        client = browser()
        give_password(client, user)
        wrong = wrong_code_of(user)
        codes = [client.post("/sign-in/code/", {"code": wrong}).status_code for _ in range(11)]
        assert codes[:10] == [422] * 10
        assert codes[10] == 429


class TestLimitPerAddress:
    """One address cannot try many logins."""

    def test_locks_an_address_that_tries_many_logins(self):
        """ACC-17."""
        codes = [
            browser()
            .post("/sign-in/", {"email": f"nobody-{number}@example.org", "password": WRONG})
            .status_code
            for number in range(101)
        ]
        assert codes[99] == 422
        assert codes[100] == 429

    def test_slows_asking_for_links(self):
        """INC-12: mails are limited per login and per address."""
        codes = [
            browser().post("/password-forgotten/", {"email": "a@example.org"}).status_code for _ in range(6)
        ]
        assert codes == [302] * 5 + [429]
        codes = [
            browser().post("/password-forgotten/", {"email": f"b{number}@example.org"}).status_code
            for number in range(25)
        ]
        assert codes[-1] == 429


def public_pages(patterns, before=""):
    for pattern in patterns:
        if isinstance(pattern, URLPattern):
            yield before + str(pattern.pattern), pattern.callback
        else:
            yield from public_pages(pattern.url_patterns, before + str(pattern.pattern))


class TestEveryPublicPage:
    """A walk over the routes of this app finds none without a limit."""

    @pytest.mark.parametrize(
        "path",
        [
            "sign-in/",
            "sign-in/code/",
            "sign-in/sms/",
            "sign-in/passkey/",
            "sign-in/passkey/options/",
            "sign-in/code/passkey/",
            "sign-in/code/passkey/options/",
            "profile/security/sms/",
            "profile/security/sms/confirm/",
            "profile/security/passkeys/add/",
            "profile/security/factors/<slug:kind>/<int:factor_id>/remove/",
            "sign-in/phone/",
            *(f"authenticator/phone/{name}/" for name in PHONE_OPERATIONS),
            "password-forgotten/",
            "password-reset/<str:token>/",
            "login-forgotten/",
            "login-change/stop/<str:key>/",
            "login-change/undo/<str:key>/",
            "profile/security/login/",
            "profile/security/login/resend/",
            "profile/security/recovery-email/",
            "profile/security/recovery-email/resend/",
            "confirm-email/<str:token>/",
            "identity/",
            "identity/<str:token>/phone/",
            "identity/<str:token>/code/",
            "identity/<str:token>/document/",
            "identity/<str:token>/photo/<str:page>/",
            "identity/<str:token>/send/",
            "identity-result/<str:secret>/",
            "profile/identity/",
        ],
    )
    def test_has_a_limit_where_a_secret_is_taken(self, path):
        """INC-12."""
        [view] = [view for route, view in public_pages(get_resolver().url_patterns) if route == path]
        assert view.rate_limit

    def test_is_known_above(self):
        """INC-12: a new public page of this app needs a place in the list above."""
        known = {"sign-in/", "sign-in/code/", "sign-out/", "password-forgotten/", "password-forgotten/sent/"}
        known |= {"password-reset/<str:token>/", "confirm-email/<str:token>/"}
        known |= {"sign-in/ways/", "sign-in/sms/", "sign-in/passkey/", "sign-in/passkey/options/"}
        known |= {"sign-in/code/passkey/", "sign-in/code/passkey/options/"}
        known |= {"login-forgotten/", "login-forgotten/sent/", "login-change/undone/"}
        known |= {"login-change/stop/<str:key>/", "login-change/undo/<str:key>/"}
        known |= {"sign-in/phone/", "sign-in/phone/state/", "sign-in/phone/events/"}
        known |= {
            f"authenticator/{page}" for page in ("", "link/<str:token>/", "manifest.webmanifest", "worker.js")
        }
        known |= {f"authenticator/phone/{name}/" for name in PHONE_OPERATIONS}
        steps = ("", "wait/", "state/", "phone/", "code/", "document/", "photo/<str:page>/", "send/")
        known |= {"identity/", "identity-result/<str:secret>/"}
        known |= {"oauth/token/", "oauth/introspect/", "oauth/revoke/"}
        known |= {".well-known/oauth-authorization-server"}
        known |= {f"identity/<str:token>/{step}" for step in steps}
        found = {
            route
            for route, view in public_pages(get_resolver().url_patterns)
            if getattr(view, "is_public", False) and view.__module__.startswith("accounts.")
        }
        assert found == known


class TestWithoutRedis:
    """Without Redis reading goes on; signing in does not (API-3)."""

    def test_refuses_to_sign_in_with_503(self, settings):
        """Nobody guesses while nobody counts."""
        user = register()
        client = signed_in(user)
        settings.REDIS_URL = "redis://127.0.0.1:1/0"
        assert give_password(browser(), user).status_code == 503
        assert Session.objects.filter(user=user).count() == 1
        assert client.get("/profile/").status_code == 200
