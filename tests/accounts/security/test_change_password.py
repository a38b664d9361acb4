"""Changing the password (ACC-5)."""

import re

import pytest

from accounts.sessions.models import Session
from tests.factories.oauth import make_consent
from tests.factories.people import NEW_PASSWORD, PASSWORD, browser, give_password, mails, register, signed_in
from tests.factories.tokens import make_api_token, profile_status

PAGE = "/profile/security/password/"


class TestChangePassword:
    """The current password is asked; other sessions end."""

    def test_changes_it_and_stays_signed_in_here_only(self):
        """ACC-5, ACC-11."""
        user = register()
        client, other = signed_in(user), signed_in(user)
        kept = client.cookies["sessionid"].value
        assert client.post(PAGE, {"current": PASSWORD, "password": NEW_PASSWORD}).url == "/profile/security/"
        assert client.get("/profile/").status_code == 200
        assert client.cookies["sessionid"].value != kept
        assert other.get("/profile/").status_code == 302
        assert Session.objects.filter(user=user).count() == 1
        assert give_password(browser(), user).status_code == 422
        assert give_password(browser(), user, NEW_PASSWORD).status_code == 302
        [mail] = mails(template="password_changed")
        assert mail.recipient == user.email

    def test_leaves_programs_alone_unless_they_are_to_end(self):
        """ACC-5, ACC-16: the box is there where there is something to end, and off."""
        user = register()
        client = signed_in(user)
        assert "with_programs" not in client.get(PAGE).content.decode()
        token, secret = make_api_token(user)
        consent = make_consent(user)
        page = client.get(PAGE).content.decode()
        assert re.search(r"<input[^>]*with_programs[^>]*>", page)
        assert not re.search(r"<input[^>]*with_programs[^>]* checked", page)
        client.post(PAGE, {"current": PASSWORD, "password": NEW_PASSWORD})
        assert profile_status(secret) == 200
        fields = {"current": NEW_PASSWORD, "password": PASSWORD, "with_programs": "on"}
        assert client.post(PAGE, fields).status_code == 302
        assert profile_status(secret) == 401
        token.refresh_from_db()
        consent.refresh_from_db()
        assert token.revoked_at is not None
        assert consent.revoked_at is not None
        kept, ended = mails(template="password_changed")
        assert "API tokens" not in kept.text
        assert "API tokens" in ended.text

    def test_ends_no_programs_where_it_is_refused(self):
        """ACC-5: with a wrong or a weak one nothing ends."""
        user = register()
        client = signed_in(user)
        _token, secret = make_api_token(user)
        for current, password in (("wrong-password-entirely", NEW_PASSWORD), (PASSWORD, "short")):
            fields = {"current": current, "password": password, "with_programs": "on"}
            assert client.post(PAGE, fields).status_code == 422
        assert profile_status(secret) == 200

    def test_ends_nobody_elses_programs(self):
        """INC-2."""
        user = register()
        _token, theirs = make_api_token(register())
        make_api_token(user)
        fields = {"current": PASSWORD, "password": NEW_PASSWORD, "with_programs": "on"}
        assert signed_in(user).post(PAGE, fields).status_code == 302
        assert profile_status(theirs) == 200

    def test_keeps_the_session_in_the_list(self):
        """ACC-14: with its device."""
        client = signed_in(register())
        client.post(PAGE, {"current": PASSWORD, "password": NEW_PASSWORD})
        assert "Firefox on Linux" in client.get("/profile/security/").content.decode()

    @pytest.mark.parametrize(
        "fields",
        [
            {},
            {"current": "wrong-password-entirely", "password": NEW_PASSWORD},
            {"current": "", "password": NEW_PASSWORD},
            {"current": PASSWORD, "password": ""},
            {"current": PASSWORD, "password": "short"},
            {"current": PASSWORD, "password": "carla.brunner.carla"},
            {"current": PASSWORD, "password": "x" * 5000},
            {"current": "a\x00b", "password": "quiet\x00harbour-violet-tandem"},
        ],
    )
    def test_refuses_bad_input_and_keeps_the_old_one(self, fields):
        """ACC-5: beside the field, with 422."""
        user = register()
        answer = signed_in(user).post(PAGE, fields)
        assert answer.status_code == 422
        assert "field__error" in answer.content.decode()
        assert give_password(browser(), user).status_code == 302
        assert mails(template="password_changed") == []

    def test_slows_guessing_the_current_one(self):
        """ACC-17: an open browser is no way to the password."""
        client = signed_in(register())
        wrong = {"current": "wrong-password-entirely", "password": NEW_PASSWORD}
        codes = [client.post(PAGE, wrong).status_code for _ in range(11)]
        assert codes == [422] * 10 + [429]
