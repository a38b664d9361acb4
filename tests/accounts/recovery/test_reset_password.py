"""A forgotten password (ACC-6)."""

import re
from datetime import timedelta

import pytest
from django.conf import settings

from accounts.users.links import make_email_confirmation, make_password_reset
from tests.factories.people import (
    NEW_PASSWORD,
    PASSWORD,
    browser,
    code_of,
    give_password,
    mails,
    present,
    register,
    signed_in,
    turn_on_totp,
)
from tests.factories.tokens import make_api_token, profile_status


def ask(email: str, **headers: str):
    return browser(**headers).post("/password-forgotten/", {"email": email})


def link(user) -> str:
    return f"/password-reset/{make_password_reset(user, at=present())}/"


class TestRequestPasswordReset:
    """Asking for a link tells nothing."""

    def test_mails_the_link_to_the_login(self):
        """ACC-6: whatever case was typed."""
        user = register()
        ask(user.email.upper())
        [mail] = mails(template="password_reset")
        assert mail.recipient == user.email
        path = re.search(rf"{re.escape(settings.PUBLIC_BASE_URL)}(/password-reset/\S+)", mail.text).group(1)
        assert browser().get(path).status_code == 200

    def test_does_the_same_for_unknown_addresses(self, query_count):
        """INC-8: status, body and work."""
        user = register()
        seen = []
        for email in (user.email, "nobody@example.org"):
            with query_count() as queries:
                answer = ask(email)
            seen.append((answer.status_code, answer.url, answer.content, queries.count))
        assert seen[0] == seen[1]
        assert len(mails(template="password_reset")) == 1

    @pytest.mark.parametrize(
        "email", ["mıke@example.org", "mike@exаmple.org", "mike@example.org,eve@evil.example"]
    )
    def test_mails_no_look_alike(self, email):
        """INC-19: only the stored address gets a link."""
        register(email="mike@example.org")
        ask(email)
        assert mails(template="password_reset") == []

    def test_mails_one_of_several_addresses_at_most(self):
        """INC-19: a list of addresses is no address."""
        user = register()
        browser().post("/password-forgotten/", {"email": ["eve@evil.example", user.email]})
        assert {mail.recipient for mail in mails(template="password_reset")} <= {user.email}

    @pytest.mark.parametrize(
        "header", ["x-forwarded-host", "x-host", "forwarded", "x-original-host", "referer"]
    )
    def test_takes_the_links_host_from_the_settings(self, header):
        """INC-20."""
        ask(register().email, **{header: "evil.example"})
        [mail] = mails(template="password_reset")
        assert "evil.example" not in mail.text + mail.html
        assert settings.PUBLIC_BASE_URL in mail.text

    def test_refuses_a_foreign_host(self):
        """INC-20."""
        assert ask(register().email, host="evil.example").status_code == 400

    @pytest.mark.parametrize("email", ["", "no-address", "a" * 400 + "@example.org", "a\x00@example.org"])
    def test_says_so_for_any_input(self, email):
        """Never a 500."""
        assert ask(email).status_code == 422


class TestResetPassword:
    """The link sets a new password, once."""

    def test_sets_it_ends_all_sessions_and_mails(self):
        """ACC-6, ACC-11."""
        user = register()
        client = signed_in(user)
        assert browser().post(link(user), {"password": NEW_PASSWORD}).url == "/sign-in/"
        assert client.get("/profile/").status_code == 302
        assert give_password(browser(), user).status_code == 422
        assert give_password(browser(), user, NEW_PASSWORD).status_code == 302
        assert len(mails(template="password_changed")) == 1

    def test_ends_programs_unless_they_are_to_stay(self):
        """ACC-6, ACC-16: the box is ticked beforehand."""
        user = register()
        assert "with_programs" not in browser().get(link(user)).content.decode()
        _token, secret = make_api_token(user)
        page = browser().get(link(user)).content.decode()
        assert re.search(r"<input[^>]*with_programs[^>]* checked", page)
        assert browser().post(link(user), {"password": NEW_PASSWORD}).status_code == 302
        assert profile_status(secret) == 200
        user.refresh_from_db()
        fields = {"password": PASSWORD, "with_programs": "on"}
        assert browser().post(link(user), fields).status_code == 302
        assert profile_status(secret) == 401

    def test_works_once(self):
        """ACC-6: the old link is dead."""
        user = register()
        path = link(user)
        browser().post(path, {"password": NEW_PASSWORD})
        assert browser().get(path).status_code == 404
        assert browser().post(path, {"password": PASSWORD}).status_code == 404

    def test_works_for_two_hours(self):
        """ACC-6."""
        token = make_password_reset(register(), at=present() - timedelta(hours=2, minutes=1))
        assert browser().get(f"/password-reset/{token}/").status_code == 404

    def test_does_not_bypass_the_second_factor(self):
        """ACC-6: who reads the mailbox still needs the phone."""
        user = register()
        turn_on_totp(user)
        client = browser()
        client.post(link(user), {"password": NEW_PASSWORD})
        assert client.get("/profile/").status_code == 302
        assert give_password(client, user, NEW_PASSWORD).url == "/sign-in/code/"
        assert client.post("/sign-in/code/", {"code": code_of(user)}).status_code == 302

    def test_proves_the_address_too(self):
        """ACC-1: the link came to this mailbox."""
        user = register(confirmed=False)
        browser().post(link(user), {"password": NEW_PASSWORD})
        assert give_password(browser(), user, NEW_PASSWORD).status_code == 302

    def test_takes_no_link_of_another_kind(self):
        """A confirmation link sets no password."""
        token = make_email_confirmation(register(), at=present())
        assert browser().get(f"/password-reset/{token}/").status_code == 404

    @pytest.mark.parametrize(
        "password", ["", "short", "passwordpassword", "x" * 5000, "quiet\x00harbour-violet-tandem"]
    )
    def test_refuses_weak_ones(self, password):
        """ACC-17."""
        user = register()
        assert browser().post(link(user), {"password": password}).status_code == 422
        assert give_password(browser(), user).status_code == 302
