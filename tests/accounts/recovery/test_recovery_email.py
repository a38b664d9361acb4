"""The recovery address: kept, changed, removed, and where a forgotten password's link goes (ACC-6)."""

import pytest

from accounts.sessions.models import Session
from accounts.users.models import SecurityEvent, User
from tests.factories.people import (
    NEW_PASSWORD,
    browser,
    give_password,
    link_in,
    mails,
    register,
    signed_in,
    turn_on_totp,
    with_recovery,
)

PAGE = "/profile/security/recovery-email/"
OTHER = "carla.private@example.net"


def confirmation_link() -> str:
    return link_in(mails(template="recovery_email_confirmation")[-1], "/recovery-email/confirm/")


def forget(user: User) -> None:
    assert browser().post("/password-forgotten/", {"email": user.email}).status_code == 302


class TestRequestRecoveryEmail:
    """Nothing counts before the link is opened."""

    def test_mails_a_link_to_the_wanted_address_only(self):
        """ACC-6, INC-19: an unproved address gets no reset link."""
        user = register()
        client = signed_in(user)
        assert client.post(PAGE, {"address": OTHER.upper()}).url == PAGE
        assert [mail.recipient for mail in mails(template="recovery_email_confirmation")] == [OTHER]
        assert User.objects.get(pk=user.pk).recovery_email == ""
        assert OTHER in client.get(PAGE).content.decode()
        assert OTHER in client.get("/profile/security/").content.decode()
        forget(user)
        assert [mail.recipient for mail in mails(template="password_reset")] == [user.email]

    def test_must_differ_from_the_login_and_from_the_present_one(self):
        """ACC-4, ACC-6."""
        user = with_recovery(register(), OTHER)
        client = signed_in(user)
        for address in (user.email, OTHER, "no-address", "", "ab12345678@temporary.invalid", "a\x00@b.ch"):
            answer = client.post(PAGE, {"address": address})
            assert answer.status_code == 422
            assert "field__error" in answer.content.decode()

    def test_asks_a_fresh_proof(self, time_machine_at):
        """ACC-6: an open browser is not enough."""
        client = signed_in(register())
        with time_machine_at(minutes=16):
            for path in (PAGE, f"{PAGE}remove/", "/profile/security/phone/"):
                assert client.get(path).url.startswith("/profile/security/prove/")
                assert client.post(path, {"address": OTHER}).url.startswith("/profile/security/prove/")
        assert mails(template="recovery_email_confirmation") == []

    def test_is_sent_again_and_given_up(self):
        """Each sending has a link of its own; the ones before end."""
        client = signed_in(register())
        client.post(PAGE, {"address": OTHER})
        first = confirmation_link()
        client.post(f"{PAGE}resend/")
        second = confirmation_link()
        assert second != first
        assert client.get(first).status_code == 404
        client.post(f"{PAGE}cancel/")
        assert client.get(second).status_code == 404


class TestConfirmRecoveryEmail:
    """The link makes the address count."""

    def test_ends_other_sessions_renews_this_one_and_mails(self):
        """ACC-6, ACC-11."""
        user = register()
        client, other = signed_in(user), signed_in(user)
        client.post(PAGE, {"address": OTHER})
        link, kept = confirmation_link(), client.cookies["sessionid"].value
        assert client.get(link).status_code == 200
        assert User.objects.get(pk=user.pk).recovery_email == ""
        assert client.post(link).url == "/profile/security/"
        assert User.objects.get(pk=user.pk).recovery_email == OTHER
        assert client.cookies["sessionid"].value != kept
        assert client.get("/profile/").status_code == 200
        assert other.get("/profile/").status_code == 302
        assert [mail.recipient for mail in mails(template="recovery_email_changed")] == [user.email]
        assert SecurityEvent.objects.filter(user=user, name="user.recovery_email_changed").exists()
        assert client.post(link).status_code == 404

    def test_tells_the_address_before(self):
        """ACC-6: with the new one masked."""
        user = with_recovery(register(), "first@example.net")
        client = signed_in(user)
        client.post(PAGE, {"address": OTHER})
        client.post(confirmation_link())
        told = [mail for mail in mails(template="recovery_email_changed") if "c•••@example.net" in mail.text]
        assert {mail.recipient for mail in told} == {user.email, "first@example.net"}
        assert OTHER not in "".join(mail.text for mail in told)

    def test_is_confirmed_by_the_asker_alone(self):
        """A stranger with the link gains nothing."""
        user = register()
        signed_in(user).post(PAGE, {"address": OTHER})
        link = confirmation_link()
        assert browser().post(link).url.startswith("/sign-in/")
        assert signed_in(register()).post(link).status_code == 404
        assert User.objects.get(pk=user.pk).recovery_email == ""

    def test_works_for_24_hours(self, time_machine_at):
        """ACC-6."""
        user = register()
        signed_in(user).post(PAGE, {"address": OTHER})
        link = confirmation_link()
        with time_machine_at(hours=24, minutes=1):
            assert signed_in(user).post(link).status_code == 404

    @pytest.mark.parametrize("key", ["x", "1-x", "99999999999999999999-x", "é-x", "1" * 500])
    def test_answers_made_up_keys_with_404(self, key):
        """Never a 500."""
        client = signed_in(register())
        assert client.get(f"{PAGE}confirm/{key}/").status_code == 404
        assert client.post(f"{PAGE}confirm/{key}/").status_code == 404


class TestRemoveRecoveryEmail:
    """Without one, links go to the login again."""

    def test_removes_it_ends_other_sessions_and_tells_both(self):
        """ACC-6, ACC-11."""
        user = with_recovery(register(), OTHER)
        mails()
        client, other = signed_in(user), signed_in(user)
        assert client.get(f"{PAGE}remove/").status_code == 200
        assert client.post(f"{PAGE}remove/").url == "/profile/security/"
        assert User.objects.get(pk=user.pk).recovery_email == ""
        assert other.get("/profile/").status_code == 302
        assert Session.objects.filter(user=user).count() == 1
        removed = [m for m in mails(template="recovery_email_changed") if "no recovery address" in m.text]
        assert {mail.recipient for mail in removed} == {user.email, OTHER}
        forget(user)
        assert mails(template="password_reset")[-1].recipient == user.email

    def test_has_nothing_to_remove(self):
        """There is none."""
        assert signed_in(register()).post(f"{PAGE}remove/").url == "/profile/security/"


class TestForgottenPassword:
    """The link goes to the confirmed recovery address."""

    def test_goes_there_and_the_login_is_told(self):
        """ACC-6."""
        user = with_recovery(register(), OTHER)
        forget(user)
        [link] = mails(template="password_reset")
        [notice] = mails(template="password_reset_elsewhere")
        assert (link.recipient, notice.recipient) == (OTHER, user.email)
        assert "c•••@example.net" in notice.text
        assert "/password-reset/" not in notice.text

    def test_does_not_bypass_the_second_factor(self):
        """ACC-6: the factor is asked as ever."""
        user = register()
        turn_on_totp(user)
        with_recovery(user, OTHER)
        forget(user)
        client = browser()
        path = link_in(mails(template="password_reset")[0], "/password-reset/")
        assert client.post(path, {"password": NEW_PASSWORD}).url == "/sign-in/"
        assert client.get("/profile/").status_code == 302
        give_password(client, user, NEW_PASSWORD)
        assert client.get("/profile/").status_code == 302
        assert [mail.recipient for mail in mails(template="password_changed")] == [user.email]

    def test_ends_with_another_recovery_address(self):
        """INC-19: the mailbox before opens nothing."""
        user = with_recovery(register(), "first@example.net")
        forget(user)
        path = link_in(mails(template="password_reset")[0], "/password-reset/")
        with_recovery(User.objects.get(pk=user.pk), OTHER)
        assert browser().get(path).status_code == 404

    def test_cannot_be_asked_by_the_recovery_address(self):
        """INC-19: it is no login."""
        with_recovery(register(), OTHER)
        browser().post("/password-forgotten/", {"email": OTHER})
        assert mails(template="password_reset") == []
