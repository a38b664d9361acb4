"""Turning the second factor on (ACC-8, ACC-9)."""

import re

import pytest
from django_otp.plugins.otp_totp.models import TOTPDevice

from accounts.mfa.models import BackupCode
from accounts.mfa.services import SecondFactorIsOff, SecondFactorIsOn, enable_totp, start_totp
from tests.factories.people import (
    browser,
    code_of,
    give_password,
    mails,
    present,
    register,
    signed_in,
    turn_on_totp,
    visitor,
    wrong_code_of,
)


def begin(user):
    client = signed_in(user)
    assert client.post("/profile/security/authenticator/start/").url == "/profile/security/authenticator/"
    return client


class TestEnablePage:
    """The page with the QR code."""

    def test_shows_a_picture_and_the_same_key_to_type(self):
        """ACC-8: by a data address that the content security policy allows."""
        from base64 import b32encode

        user = register()
        client = begin(user)
        answer = client.get("/profile/security/authenticator/")
        page = answer.content.decode()
        key = b32encode(TOTPDevice.objects.get().bin_key).decode()
        assert 'src="data:image/svg+xml' in page
        assert key in page.replace(" ", "")
        assert "img-src 'self' data:" in answer["Content-Security-Policy"]

    def test_turns_it_on_with_the_apps_code(self):
        """ACC-8: not before."""
        user = register()
        client = begin(user)
        assert give_password(browser(), user).url == "/"
        answer = client.post("/profile/security/authenticator/", {"code": code_of(user)})
        assert answer.status_code == 200
        assert give_password(browser(), user).url == "/sign-in/code/"
        assert client.get("/profile/").status_code == 200

    def test_shows_ten_backup_codes_once_and_stores_none(self):
        """ACC-9."""
        user = register()
        client = begin(user)
        page = client.post("/profile/security/authenticator/", {"code": code_of(user)}).content.decode()
        codes = set(re.findall(r"\b[a-z2-9]{4}(?:-[a-z2-9]{4}){3}\b", page))
        assert len(codes) == 10
        assert "download=" in page
        assert "data-print" in page
        stored = str(list(BackupCode.objects.values()))
        for code in codes:
            assert code not in stored
            assert code not in client.get("/profile/security/").content.decode()

    def test_ends_other_sessions_and_mails(self):
        """ACC-11: they were opened without the second factor."""
        user = register()
        other = signed_in(user)
        client = begin(user)
        client.post("/profile/security/authenticator/", {"code": code_of(user)})
        assert other.get("/profile/").status_code == 302
        assert client.get("/profile/").status_code == 200
        assert len(mails(template="totp_enabled")) == 1

    def test_refuses_a_wrong_code(self):
        """ACC-8."""
        user = register()
        client = begin(user)
        answer = client.post("/profile/security/authenticator/", {"code": wrong_code_of(user)})
        assert answer.status_code == 422
        assert not TOTPDevice.objects.filter(confirmed=True).exists()

    @pytest.mark.parametrize(
        "code", ["", "x" * 5000, "12345", "١٢٣٤٥٦", "12\x00456", "-12345", "1e5", "0x1234"]
    )
    def test_says_so_for_any_input(self, code):
        """Never a 500."""
        client = begin(register())
        assert client.post("/profile/security/authenticator/", {"code": code}).status_code == 422

    def test_asks_for_the_password_again_after_a_while(self, time_machine_at):
        """Fresh proof before sensitive acts."""
        client = signed_in(register())
        with time_machine_at(minutes=16):
            answer = client.post("/profile/security/authenticator/start/")
        assert answer.url.startswith("/profile/security/prove/")
        assert not TOTPDevice.objects.exists()

    def test_does_nothing_without_a_start(self):
        """There is no code to show."""
        client = signed_in(register())
        assert client.get("/profile/security/authenticator/").url == "/profile/security/"


class TestEnableTotp:
    """`enable_totp` and `start_totp`."""

    def test_refuses_a_second_one(self):
        """One authenticator at a time."""
        user = register()
        turn_on_totp(user)
        with pytest.raises(SecondFactorIsOn):
            start_totp(user=user, actor=visitor(), at=present())

    def test_refuses_what_was_not_started(self):
        """Nothing to confirm."""
        with pytest.raises(SecondFactorIsOff):
            enable_totp(user=register(), code="123456", keep_session=None, actor=visitor(), at=present())

    def test_forgets_an_earlier_start(self):
        """Only the newest key counts."""
        user = register()
        first = start_totp(user=user, actor=visitor(), at=present())
        second = start_totp(user=user, actor=visitor(), at=present())
        assert first.key != second.key
        assert TOTPDevice.objects.get().pk == second.pk
