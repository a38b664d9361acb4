"""Turning the second factor off, new backup codes, and fresh proof (ACC-8, ACC-9)."""

from django_otp.plugins.otp_totp.models import TOTPDevice

from accounts.mfa.models import BackupCode
from tests.factories.people import (
    PASSWORD,
    browser,
    code_of,
    give_password,
    mails,
    register,
    signed_in,
    turn_on_totp,
)


def remove_url(user):
    return f"/profile/security/factors/totp/{TOTPDevice.objects.get(user=user).pk}/remove/"


def signed_in_with_code(user):
    client = browser()
    give_password(client, user)
    assert client.post("/sign-in/code/", {"code": code_of(user)}).status_code == 302
    return client


def person_with_totp(password: str = PASSWORD):
    user = register()
    turn_on_totp(user)
    if password != PASSWORD:
        user.set_password(password)
        user.save()
    return user


class TestDisableTotp:
    """The second factor is turned off with the password."""

    def test_turns_it_off_and_mails(self):
        """ACC-8, ACC-11."""
        user = person_with_totp()
        client = signed_in_with_code(user)
        url = remove_url(user)
        assert client.get(url).status_code == 200
        assert client.post(url, {"password": PASSWORD}).url == "/profile/security/"
        assert not TOTPDevice.objects.exists()
        assert not BackupCode.objects.exists()
        assert len(mails(template="factor_removed")) == 1
        assert give_password(browser(), user).url == "/"

    def test_refuses_without_the_password(self):
        """ACC-8: an open browser is not enough."""
        user = person_with_totp()
        client = signed_in_with_code(user)
        for password in ("wrong-password-entirely", "", "a\x00b", "x" * 5000):
            assert client.post(remove_url(user), {"password": password}).status_code == 422
        assert TOTPDevice.objects.filter(confirmed=True).exists()

    def test_refuses_while_the_password_is_too_short_to_stand_alone(self):
        """ACC-17: 12 characters are enough only beside a second factor."""
        user = register()
        turn_on_totp(user)
        user.set_password("kiwi-Zug7-ox")
        user.save()
        client = browser()
        give_password(client, user, "kiwi-Zug7-ox")
        client.post("/sign-in/code/", {"code": code_of(user)})
        answer = client.post(remove_url(user), {"password": "kiwi-Zug7-ox"})
        assert answer.status_code == 422
        assert "15" in answer.content.decode()
        assert TOTPDevice.objects.filter(confirmed=True).exists()


class TestRegenerateBackupCodes:
    """New backup codes replace all earlier ones."""

    def test_makes_ten_new_ones(self):
        """ACC-9."""
        user = register()
        old = turn_on_totp(user)
        client = signed_in_with_code(user)
        assert "10" in client.get("/profile/security/backup-codes/").content.decode()
        page = client.post("/profile/security/backup-codes/").content.decode()
        assert BackupCode.objects.filter(used_at=None).count() == 10
        assert not any(code in page for code in old)
        waiting = browser()
        give_password(waiting, user)
        assert waiting.post("/sign-in/code/", {"code": old[0]}).status_code == 422
        assert len(mails(template="backup_codes_regenerated")) == 1

    def test_is_of_no_use_without_a_second_factor(self):
        """ACC-9."""
        client = signed_in(register())
        assert client.get("/profile/security/backup-codes/").url == "/profile/security/"
        assert client.post("/profile/security/backup-codes/").status_code == 409


class TestProof:
    """Before sensitive acts the person proves again who he or she is, for 15 minutes."""

    def test_is_asked_again_and_leads_on(self, time_machine_at):
        """By password."""
        client = signed_in(register())
        with time_machine_at(minutes=16):
            asked = client.get("/profile/tokens/new/").url
            assert asked == "/profile/security/prove/?next=%2Fprofile%2Ftokens%2Fnew%2F"
            assert client.get(asked).status_code == 200
            wrong = {"password": "wrong-password-entirely", "next": "/profile/tokens/new/"}
            assert client.post(asked, wrong).status_code == 422
            assert client.post(asked, {**wrong, "password": PASSWORD}).url == "/profile/tokens/new/"
            assert client.get("/profile/tokens/new/").status_code == 200

    def test_is_a_code_where_the_second_factor_is_on(self, time_machine_at):
        """INC-14: a stolen session and password make no token."""
        user = person_with_totp()
        client = signed_in_with_code(user)
        with time_machine_at(minutes=16):
            asked = client.get("/profile/tokens/new/").url
            assert client.get(asked).status_code == 200
            assert client.post(asked, {"password": PASSWORD}).status_code == 422
            step = client.post("/sign-in/code/", {"code": code_of(user)})
            assert step.url == "/profile/tokens/new/"
            assert client.get("/profile/tokens/new/").status_code == 200

    def test_is_the_password_or_a_factor_for_all_else(self, time_machine_at):
        """ACC-8: either shows who it is."""
        user = person_with_totp()
        for way in ("password", "code"):
            client = signed_in_with_code(user)
            TOTPDevice.objects.update(last_t=-1)
            with time_machine_at(minutes=16):
                asked = client.get("/profile/security/backup-codes/").url
                page = client.get(asked).content.decode()
                assert "/sign-in/code/?factor=" in page
                if way == "password":
                    answer = client.post(asked, {"password": PASSWORD})
                else:
                    answer = client.post("/sign-in/code/", {"code": code_of(user)})
                assert answer.url == "/profile/security/backup-codes/"
                assert client.get(answer.url).status_code == 200
            TOTPDevice.objects.update(last_t=-1)

    def test_leads_nowhere_else(self, time_machine_at):
        """INC-21."""
        client = signed_in(register())
        with time_machine_at(minutes=16):
            answer = client.post("/profile/security/prove/", {"password": PASSWORD, "next": "//evil.example"})
        assert answer.url == "/profile/security/"
