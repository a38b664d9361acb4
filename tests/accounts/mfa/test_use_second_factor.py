"""Signing in with the second factor (ACC-8, ACC-9, INC-13, INC-15)."""

import pytest

from accounts.mfa.services import SecondFactorIsOff, WrongCode, is_typed_code, use_backup_code, use_totp
from accounts.sessions.models import Session
from tests.factories.people import (
    browser,
    code_of,
    events_called,
    give_password,
    mails,
    present,
    register,
    turn_on_totp,
    visitor,
    wrong_code_of,
)
from tests.factories.together import at_once


def waiting_browser(user, **fields):
    client = browser()
    assert give_password(client, user, **fields).url == "/sign-in/code/"
    return client


class TestSecondStep:
    """The page that asks for the code."""

    def test_signs_in_with_the_apps_code_and_goes_on(self):
        """ACC-2: to where the person wanted."""
        user = register()
        turn_on_totp(user)
        client = waiting_browser(user, next="/profile/tokens/")
        assert client.get("/sign-in/code/").status_code == 200
        assert client.post("/sign-in/code/", {"code": code_of(user)}).url == "/profile/tokens/"
        assert client.get("/profile/").status_code == 200

    def test_binds_the_proof_to_the_authenticator(self):
        """INC-16: the session names the device, and it must be the person's."""
        user = register()
        turn_on_totp(user)
        client = waiting_browser(user)
        client.post("/sign-in/code/", {"code": code_of(user)})
        assert client.session["otp_device_id"].startswith("otp_totp.totpdevice/")

    def test_takes_a_backup_code_once(self):
        """ACC-9: in any writing, and only once."""
        user = register()
        code = turn_on_totp(user)[3]
        typed = code.upper().replace("-", " ")
        assert waiting_browser(user).post("/sign-in/code/", {"code": typed}).url == "/"
        assert waiting_browser(user).post("/sign-in/code/", {"code": code}).status_code == 422
        [mail] = mails(template="backup_code_used")
        assert "9" in mail.text

    def test_takes_no_backup_code_of_another(self):
        """Codes belong to one person."""
        user, other = register(), register()
        turn_on_totp(user)
        foreign = turn_on_totp(other)[0]
        assert waiting_browser(user).post("/sign-in/code/", {"code": foreign}).status_code == 422

    def test_refuses_a_wrong_code(self):
        """ACC-8: and stays at the step."""
        user = register()
        turn_on_totp(user)
        client = waiting_browser(user)
        assert client.post("/sign-in/code/", {"code": wrong_code_of(user)}).status_code == 422
        assert not Session.objects.filter(user=user).exists()

    def test_sends_who_has_not_given_the_password_back(self):
        """INC-15: the code alone opens nothing."""
        user = register()
        turn_on_totp(user)
        assert browser().get("/sign-in/code/").url == "/sign-in/"
        assert browser().post("/sign-in/code/", {"code": code_of(user)}).url == "/sign-in/"

    @pytest.mark.parametrize("code", ["", "x" * 5000, "12345", "a\x00b", "١٢٣٤٥٦", "１２３４５６"])
    def test_says_so_for_any_input(self, code):
        """Never a 500."""
        user = register()
        turn_on_totp(user)
        assert waiting_browser(user).post("/sign-in/code/", {"code": code}).status_code == 422


class TestTheSameCodeManyTimes:
    """The same code sent 50 times at once succeeds once (INC-13)."""

    def _attempt(self, user, code) -> None:
        use = use_totp if is_typed_code(code) else use_backup_code
        use(user=user, code=code, actor=visitor(), at=present())

    def test_of_the_app(self):
        """INC-13: django-otp's row lock."""
        user = register()
        turn_on_totp(user)
        code = code_of(user)
        assert at_once(50, lambda: self._attempt(user, code), refusal=WrongCode) == 1

    def test_of_the_paper(self):
        """INC-13: one update wins."""
        user = register()
        code = turn_on_totp(user)[0]
        assert at_once(50, lambda: self._attempt(user, code), refusal=WrongCode) == 1
        assert len(events_called("user.backup_code_used")) == 1

    def test_is_refused_later_in_its_half_minute_too(self):
        """INC-13: a code that was looked over the shoulder is worth nothing."""
        user = register()
        turn_on_totp(user)
        code = code_of(user)
        self._attempt(user, code)
        with pytest.raises(WrongCode):
            self._attempt(user, code)


class TestUse:
    """`use_totp` and `use_backup_code` as verbs."""

    def test_refuses_who_has_none(self):
        """There is nothing to check."""
        with pytest.raises(SecondFactorIsOff):
            use_totp(user=register(), code="123456", actor=visitor(), at=present())
        with pytest.raises(SecondFactorIsOff):
            use_backup_code(user=register(), code="abcd-efgh", actor=visitor(), at=present())
