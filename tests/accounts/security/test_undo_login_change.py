"""Taking a changed login back from the mailbox before (INC-10)."""

from accounts.users.models import User
from tests.factories.people import (
    NEW_PASSWORD,
    PASSWORD,
    browser,
    give_password,
    link_in,
    mails,
    register,
    signed_in,
    with_recovery,
)

PAGE = "/profile/security/login/"
THEIRS = "thief@example.net"


def stolen() -> tuple[User, str]:
    """A person whose login somebody changed; with the link that takes it back."""
    user = register()
    thief = signed_in(user)
    thief.post(PAGE, {"address": THEIRS, "password": PASSWORD})
    thief.post(link_in(mails(template="login_confirmation")[-1], "/confirm/"))
    [to_owner] = [mail for mail in mails(template="login_changed") if mail.recipient == user.email]
    [to_thief] = [mail for mail in mails(template="login_changed") if mail.recipient == THEIRS]
    assert "/undo/" not in to_thief.text
    return user, link_in(to_owner, "/login-change/undo/")


class TestUndoLoginChange:
    """The owner of the old address gets the account back."""

    def test_restores_the_login_and_ends_what_the_thief_has(self):
        """INC-10: sessions and password end; a link for a new password goes to the old mailbox."""
        user, link = stolen()
        thief = browser()
        changed = User.objects.get(pk=user.pk)
        assert give_password(thief, changed).status_code == 302
        owner = browser()
        assert owner.get(link).status_code == 200
        assert User.objects.get(pk=user.pk).email == THEIRS
        assert owner.post(link).url == "/login-change/undone/"
        assert User.objects.get(pk=user.pk).email == user.email
        assert thief.get("/profile/").status_code == 302
        assert give_password(browser(), user).status_code == 422
        [mine] = [m for m in mails(template="login_change_undone") if m.recipient == user.email]
        [told] = [m for m in mails(template="login_change_undone") if m.recipient == THEIRS]
        assert "/password-reset/" not in told.text
        reset = link_in(mine, "/password-reset/")
        assert browser().post(reset, {"password": NEW_PASSWORD}).status_code == 302
        assert give_password(browser(), user, NEW_PASSWORD).status_code == 302

    def test_works_once_and_for_seven_days(self, time_machine_at):
        """INC-10."""
        _user, link = stolen()
        with time_machine_at(days=7, minutes=1):
            assert browser().get(link).status_code == 404
        assert browser().post(link).status_code == 302
        assert browser().get(link).status_code == 404
        assert browser().post(link).status_code == 404

    def test_removes_a_recovery_address_set_lately(self):
        """INC-10: the thief has no way back by a forgotten password."""
        user, link = stolen()
        with_recovery(User.objects.get(pk=user.pk), "thief.too@example.net")
        browser().post(link)
        assert User.objects.get(pk=user.pk).recovery_email == ""

    def test_keeps_a_recovery_address_of_long_ago(self, time_machine_at):
        """It is the owner's."""
        user = register()
        with time_machine_at(days=-30):
            with_recovery(user, "carla.private@example.net")
        client = signed_in(user)
        client.post(PAGE, {"address": THEIRS, "password": PASSWORD})
        client.post(link_in(mails(template="login_confirmation")[-1], "/confirm/"))
        [mail] = [mail for mail in mails(template="login_changed") if mail.recipient == user.email]
        browser().post(link_in(mail, "/undo/"))
        assert User.objects.get(pk=user.pk).recovery_email == "carla.private@example.net"

    def test_yields_to_who_registered_meanwhile(self):
        """Never two people with one login."""
        user, link = stolen()
        register(email=user.email)
        assert browser().post(link).status_code == 409
        assert User.objects.get(pk=user.pk).email == THEIRS

    def test_ends_when_the_login_is_changed_again(self):
        """The newer mail takes back the newer change."""
        user, link = stolen()
        client = browser()
        give_password(client, User.objects.get(pk=user.pk))
        client.post(PAGE, {"address": "third@example.net", "password": PASSWORD})
        client.post(link_in(mails(template="login_confirmation")[-1], "/confirm/"))
        assert User.objects.get(pk=user.pk).email == "third@example.net"
        assert browser().post(link).status_code == 404
