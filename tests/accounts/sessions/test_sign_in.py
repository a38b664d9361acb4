"""Signing in with e-mail and password (ACC-2)."""

import pytest
from django.core import signing
from django.test import Client

from accounts.sessions.models import Session
from tests.factories.elsewhere import ELSEWHERE
from tests.factories.people import (
    PASSWORD,
    browser,
    code_of,
    events_called,
    give_password,
    mails,
    register,
    signed_in,
    turn_on_totp,
)


def is_signed_in(client: Client) -> bool:
    return client.get("/profile/").status_code == 200


class TestSignIn:
    """The right password opens a new session."""

    def test_opens_the_panel_and_goes_on(self):
        """ACC-2: to where the person wanted."""
        user = register()
        client = browser()
        assert give_password(client, user, next="/profile/security/?x=1").url == "/profile/security/?x=1"
        assert is_signed_in(client)

    def test_does_not_mind_the_case_of_the_address(self):
        """INC-19."""
        user = register(email="anna@example.org")
        user.email = "ANNA@Example.org "
        assert give_password(browser(), user).status_code == 302

    def test_notes_person_device_and_place(self):
        """ACC-14: for the list of sessions."""
        user = register()
        signed_in(user)
        session = Session.objects.get(user=user)
        assert (session.address, session.device.browser, session.device.system) == (
            "127.0.0.1",
            "Firefox",
            "Linux",
        )

    def test_gives_the_session_another_key(self):
        """A key that somebody planted before opens nothing afterwards."""
        user = register()
        turn_on_totp(user)
        client = browser()
        give_password(client, user)
        planted = client.cookies["sessionid"].value
        client.post("/sign-in/code/", {"code": code_of(user)})
        assert client.cookies["sessionid"].value != planted
        other = browser()
        other.cookies["sessionid"] = planted
        assert not is_signed_in(other)
        assert is_signed_in(client)

    def test_keeps_a_signed_in_person_away_from_the_form(self):
        """There is nothing to do there."""
        assert signed_in(register()).get("/sign-in/?next=/profile/").url == "/profile/"

    @pytest.mark.parametrize("elsewhere", ELSEWHERE)
    def test_leads_nowhere_else(self, elsewhere):
        """INC-21: only to paths of the panel, by form and by address."""
        client = signed_in(register())
        assert client.get("/sign-in/", {"next": elsewhere}).url == "/"
        assert client.post("/sign-in/", {"next": elsewhere}).url == "/"

    def test_leads_nowhere_else_after_the_form(self):
        """INC-21."""
        assert give_password(browser(), register(), next="//evil.example").url == "/"

    def test_checks_the_origin_of_the_form(self):
        """A foreign page cannot sign anybody in."""
        client = Client(enforce_csrf_checks=True)
        assert give_password(client, register()).status_code == 403

    def test_is_seen_by_no_cache(self):
        """INC-33."""
        answer = signed_in(register()).get("/profile/")
        assert answer["Cache-Control"] == "no-store, private"
        assert "Cookie" in answer["Vary"]


class TestRefusal:
    """Whatever is wrong, the answer is the same."""

    def test_is_the_same_for_every_reason(self):
        """INC-8: unknown, wrong, unconfirmed, closed: one status, one body."""
        known, unconfirmed, closed = register(), register(confirmed=False), register()
        type(closed).objects.filter(pk=closed.pk).update(is_active=False)
        answers = set()
        for email, password in [
            ("nobody@example.org", PASSWORD),
            (known.email, "wrong-password-entirely"),
            (unconfirmed.email, PASSWORD),
            (unconfirmed.email, "wrong-password-entirely"),
            (closed.email, PASSWORD),
        ]:
            client = browser()
            answer = client.post("/sign-in/", {"email": email, "password": password})
            token = answer.context["csrf_token"]
            body = answer.content.decode().replace(str(token), "").replace(email, "")
            answers.add(
                (
                    answer.status_code,
                    "".join(body.split("csrfmiddlewaretoken")[0:1]),
                    client.cookies.output()[:9],
                )
            )
            assert "sessionid" not in client.cookies
        assert len(answers) == 1
        assert answers.pop()[0] == 422

    def test_hashes_for_unknown_logins_too(self, settings, monkeypatch):
        """INC-8: the same work is done, so the same time passes."""
        from django.contrib.auth.hashers import Argon2PasswordHasher

        count = []
        original = Argon2PasswordHasher.encode
        verify = Argon2PasswordHasher.verify
        monkeypatch.setattr(Argon2PasswordHasher, "encode", lambda *a: count.append("encode") or original(*a))
        monkeypatch.setattr(Argon2PasswordHasher, "verify", lambda *a: count.append("verify") or verify(*a))
        user = register()
        count.clear()
        browser().post("/sign-in/", {"email": user.email, "password": "wrong-password-entirely"})
        assert len(count) == 1
        count.clear()
        browser().post("/sign-in/", {"email": "nobody@example.org", "password": "wrong-password-entirely"})
        assert len(count) == 1

    def test_needs_as_many_queries_for_unknown_logins(self, query_count):
        """INC-8."""
        user = register()
        counts = []
        for email in (user.email, "nobody@example.org"):
            with query_count() as seen:
                browser().post("/sign-in/", {"email": email, "password": "wrong-password-entirely"})
            counts.append(seen.count)
        assert counts[0] == counts[1]

    def test_mails_the_link_again_to_who_knows_the_password(self):
        """ACC-1: and to nobody else."""
        user = register(confirmed=False)
        give_password(browser(), user, "wrong-password-entirely")
        assert events_called("user.email_confirmation_requested") == []
        give_password(browser(), user)
        assert len(mails(template="email_confirmation")) == 2

    @pytest.mark.parametrize(
        "fields",
        [
            {},
            {"email": "", "password": ""},
            {"email": "no-address", "password": PASSWORD},
            {"email": "a" * 300 + "@example.org", "password": PASSWORD},
            {"email": "a@example.org", "password": "x" * 5000},
            {"email": "a\x00@example.org", "password": PASSWORD},
            {"email": "a@example.org", "password": "a\x00b"},
            {"email": ["a@example.org", "b@example.org"], "password": PASSWORD},
        ],
    )
    def test_says_so_for_any_input(self, fields):
        """Never a 500."""
        answer = browser().post("/sign-in/", fields)
        assert answer.status_code == 422

    def test_refuses_ten_megabytes(self):
        """Never a 500."""
        answer = browser().post("/sign-in/", {"email": "a@example.org", "password": "x" * 10_000_000})
        assert 400 <= answer.status_code < 500


class TestWaiting:
    """Between password and second factor nobody is signed in (INC-15)."""

    def test_opens_nothing_yet(self):
        """INC-15: every page still sends to the sign-in."""
        user = register()
        turn_on_totp(user)
        client = browser()
        assert give_password(client, user, next="/profile/").url == "/sign-in/code/"
        for path in ("/profile/", "/profile/security/", "/profile/tokens/new/", "/profile/security/prove/"):
            assert client.get(path).url.startswith("/sign-in/")
        assert client.post("/profile/sessions/revoke-others/").url.startswith("/sign-in/")
        assert not Session.objects.filter(user=user).exists()

    def test_keeps_no_password(self, superuser_connection):
        """INC-17: the session's row holds neither password nor key."""
        user = register()
        turn_on_totp(user)
        client = browser()
        give_password(client, user)
        [(key_hash, data)] = superuser_connection.execute(
            "select key_hash, data from accounts_session"
        ).fetchall()
        content = signing.loads(data, salt="django.contrib.sessions.SessionStore")
        assert PASSWORD not in str(content)
        assert client.cookies["sessionid"].value not in key_hash + data

    def test_ends_with_a_changed_password(self):
        """The wait is bound to the password that was given."""
        user = register()
        turn_on_totp(user)
        client = browser()
        give_password(client, user)
        user.set_password("another-password-altogether")
        user.save()
        assert client.post("/sign-in/code/", {"code": code_of(user)}).url == "/sign-in/"
        assert not is_signed_in(client)

    def test_ends_after_ten_minutes(self, time_machine_at):
        """Nobody finds a half-open door later."""
        user = register()
        turn_on_totp(user)
        client = browser()
        give_password(client, user)
        with time_machine_at(minutes=11):
            assert client.post("/sign-in/code/", {"code": code_of(user)}).url == "/sign-in/"


class TestHeaders:
    """Headers cannot write into a session (INC-16)."""

    @pytest.mark.parametrize(
        "header", ["user-agent", "authorization", "x-forwarded-for", "cookie", "referer"]
    )
    @pytest.mark.parametrize("mark", ["\r\n_auth_user_id=1", "\n\notp_device_id=1", "\x00proved_at=1"])
    def test_are_text_at_most(self, header, mark):
        """INC-16: no header signs anybody in, and none breaks the page."""
        client = browser(**{header: f"Mozilla{mark}"})
        assert client.get("/profile/").status_code == 302
        assert give_password(client, register()).status_code == 302
        for session in Session.objects.all():
            assert session.agent.isprintable()
