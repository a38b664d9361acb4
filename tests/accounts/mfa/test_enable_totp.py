"""Turning the second factor on (ACC-8, ACC-9)."""

import re
from datetime import timedelta

import pytest
from django_otp.oath import totp
from django_otp.plugins.otp_totp.models import TOTPDevice

from accounts.mfa.models import BackupCode
from accounts.mfa.services import SecondFactorIsOff, TooManyFactors, enable_totp, start_totp, use_totp
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


def shown_by(device):
    return f"{totp(device.bin_key, t0=device.t0, drift=device.drift):06d}"


def begin(user):
    client = signed_in(user)
    assert client.get("/profile/security/authenticator/").status_code == 200
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
        assert len(mails(template="factor_added")) == 1

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
            answer = client.get("/profile/security/authenticator/")
        assert answer.url.startswith("/profile/security/prove/")
        assert not TOTPDevice.objects.exists()

    def test_shows_the_same_key_again(self):
        """ACC-8: a reload must not make what was scanned worthless; a key of yesterday is another matter."""
        user = register()
        begin(user)
        key = TOTPDevice.objects.get().key
        begin(user)
        assert TOTPDevice.objects.get().key == key
        TOTPDevice.objects.update(created_at=present() - timedelta(hours=2))
        begin(user)
        assert TOTPDevice.objects.get().key != key

    def test_gives_it_the_persons_name(self):
        """ACC-8: several are told apart by their names."""
        user = register()
        client = begin(user)
        client.post("/profile/security/authenticator/", {"code": code_of(user), "name": "Old phone"})
        assert TOTPDevice.objects.get().name == "Old phone"
        assert "Old phone" in client.get("/profile/security/").content.decode()


class TestEnableTotp:
    """`enable_totp` and `start_totp`."""

    def test_takes_several_whose_codes_all_count(self):
        """ACC-8: and only the first comes with backup codes."""
        user = register()
        first_codes = turn_on_totp(user)
        assert len(first_codes) == 10
        device = start_totp(user=user, actor=visitor(), at=present())
        code = shown_by(device)
        _, codes = enable_totp(user=user, code=code, keep_session=None, actor=visitor(), at=present())
        assert codes == []
        TOTPDevice.objects.update(last_t=-1)
        for device in TOTPDevice.objects.all():
            assert use_totp(user=user, code=shown_by(device), actor=visitor(), at=present()) == device

    def test_refuses_the_eleventh(self):
        """Nobody needs more than ten of a kind."""
        user = register()
        for number in range(10):
            TOTPDevice.objects.create(user=user, name=str(number), confirmed=True)
        device = start_totp(user=user, actor=visitor(), at=present())
        with pytest.raises(TooManyFactors):
            enable_totp(user=user, code=shown_by(device), keep_session=None, actor=visitor(), at=present())
        assert TOTPDevice.objects.filter(confirmed=True).count() == 10

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
