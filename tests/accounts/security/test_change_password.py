"""Changing the password (ACC-5)."""

import pytest

from accounts.sessions.models import Session
from tests.factories.people import NEW_PASSWORD, PASSWORD, browser, give_password, mails, register, signed_in

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
