"""The mailbox that serves as login is deleted: a temporary identifier leads to a new login (ACC-13)."""

import re

from django.db import transaction

from accounts.recovery.services import replace_deleted_login
from accounts.users.models import SecurityEvent, User
from manager.kit.actor import Actor
from manager.outbox.models import OutgoingSms
from manager.outbox.publish import publish
from tests.factories.people import (
    PASSWORD,
    browser,
    code_of,
    give_password,
    link_in,
    mails,
    present,
    register,
    signed_in,
    turn_on_totp,
    with_recovery,
)

OTHER = "carla.private@example.net"
PAGE = "/profile/security/login/"


def delete_mailbox(user: User, *, organization_id: int = 0) -> User:
    """What a module of mailboxes publishes; return the person as it leaves her."""
    delete_address(user.email, organization_id=organization_id)
    return User.objects.get(pk=user.pk)


def delete_address(address: str, *, organization_id: int = 0) -> None:
    """Publish that a mailbox is gone, and let the worker do what follows."""
    with transaction.atomic():
        publish(
            "mailbox.deleted", organization_id=organization_id, payload={"address": address}, at=present()
        )
    mails()


def affected(**fields: str) -> tuple[User, User]:
    """A person with phone and recovery address before and after her mailbox is deleted."""
    before = with_recovery(register(phone="+41791234567", **fields), OTHER)
    return before, delete_mailbox(before)


class TestReplaceDeletedLogin:
    """The old address opens nothing; the identifier is told twice."""

    def test_tells_it_by_mail_and_sms(self):
        """ACC-13: initials and digits."""
        before, after = affected()
        assert re.fullmatch(r"cb[0-9]{8}", after.temporary_login)
        [mail] = mails(template="login_replaced")
        [message] = OutgoingSms.objects.all()
        assert (mail.recipient, message.recipient) == (OTHER, "+41791234567")
        assert after.temporary_login in mail.text
        assert after.temporary_login in message.text
        assert before.email in mail.text

    def test_is_heard_from_any_organization(self):
        """ACC-13: the module publishes in the organization's scope."""
        user = with_recovery(register(), OTHER)
        assert delete_mailbox(user, organization_id=4711).has_temporary_login

    def test_ends_sessions_and_links(self):
        """INC-10: who makes a mailbox of that name again finds nothing."""
        user = with_recovery(register(), OTHER)
        client = signed_in(user)
        delete_mailbox(user)
        assert client.get("/profile/").status_code == 302
        assert give_password(browser(), user).status_code == 422
        browser().post("/password-forgotten/", {"email": user.email})
        assert mails(template="password_reset") == []

    def test_frees_the_address(self):
        """The mailbox's next owner may register."""
        before, _after = affected()
        assert register(email=before.email).pk != before.pk

    def test_writes_names_of_any_script_in_letters(self):
        """ACC-13: what everybody can type."""
        for first, last, initials in [("Émile", "Ångström", "ea"), ("Юлия", "Иванова", "u")]:
            user = register(first_name=first, last_name=last)
            assert re.fullmatch(initials + "[0-9]{8}", delete_mailbox(user).temporary_login)

    def test_passes_over_mailboxes_that_are_nobodys_login(self):
        """Most mailboxes."""
        register()
        actor = Actor.system("mailboxes")
        assert replace_deleted_login(address="info@example.org", actor=actor, at=present()) is None

    def test_is_logged(self):
        """ACC-13."""
        before, after = affected()
        event = SecurityEvent.objects.get(user=after, name="user.login_replaced")
        assert event.details == {"before": before.email}
        assert (event.actor_kind, event.actor_name) == ("system", "mailboxes")

    def test_sends_security_mails_to_the_recovery_address(self):
        """ACC-11: none to the deleted mailbox, none to nowhere."""
        _before, after = affected()
        client = browser()
        client.post("/sign-in/", {"email": after.temporary_login, "password": PASSWORD})
        assert [mail.recipient for mail in mails(template="signed_in_from_new_device")] == [OTHER]
        assert not [mail for mail in mails() if mail.recipient.endswith(".invalid")]

    def test_resets_the_password_by_the_recovery_address(self):
        """ACC-6: asked for by the identifier."""
        _before, after = affected()
        browser().post("/password-forgotten/", {"email": after.temporary_login.upper()})
        assert [mail.recipient for mail in mails(template="password_reset")] == [OTHER]
        assert mails(template="password_reset_elsewhere") == []


class TestRemoveDeletedRecovery:
    """The deleted mailbox was somebody's recovery address."""

    def test_removes_it_and_tells_the_login(self):
        """ACC-6, ACC-13: a link for a forgotten password goes to the login from now on."""
        user, other = with_recovery(register(), OTHER), with_recovery(register(), "else@example.net")
        client = signed_in(user)
        delete_address(OTHER)
        assert User.objects.get(pk=user.pk).recovery_email == ""
        assert User.objects.get(pk=other.pk).recovery_email == "else@example.net"
        [mail] = mails(template="recovery_email_deleted")
        assert mail.recipient == user.email
        assert OTHER not in mail.text
        assert client.get("/profile/").status_code == 200
        browser().post("/password-forgotten/", {"email": user.email})
        assert [mail.recipient for mail in mails(template="password_reset")] == [user.email]
        names = SecurityEvent.objects.filter(user=user).values_list("name", flat=True)
        assert list(names).count("user.recovery_email_deleted") == 1

    def test_ends_a_wish_for_it(self):
        """ACC-6: the link there confirms nothing any more."""
        user = register()
        client = signed_in(user)
        client.post("/profile/security/recovery-email/", {"address": OTHER})
        link = link_in(mails(template="recovery_email_confirmation")[-1], "/recovery-email/confirm/")
        assert client.get(link).status_code == 200
        delete_address(OTHER.upper())
        assert client.post(link).status_code == 404
        assert User.objects.get(pk=user.pk).recovery_email == ""

    def test_ends_links_that_went_there(self):
        """INC-10: a reset link mailed before opens nothing."""
        user = with_recovery(register(), OTHER)
        browser().post("/password-forgotten/", {"email": user.email})
        path = link_in(mails(template="password_reset")[-1], "/password-reset/")
        assert browser().get(path).status_code == 200
        delete_address(OTHER)
        assert browser().get(path).status_code == 404


class TestSignInWithIt:
    """The identifier and the old password open one page."""

    def test_opens_nothing_but_the_choice_of_a_new_login(self):
        """ACC-13: from every page of the panel."""
        _before, after = affected()
        client = browser()
        answer = client.post(
            "/sign-in/", {"email": f" {after.temporary_login.upper()} ", "password": PASSWORD}
        )
        assert answer.status_code == 302
        for path in ("/profile/", "/profile/security/", "/profile/tokens/", "/organizations/", PAGE + "x/"):
            answer = client.get(path)
            assert (answer.status_code, answer.get("Location")) in {(302, PAGE), (404, None)}, path
        assert client.get("/profile/").url == PAGE
        assert client.post("/profile/sessions/revoke-others/").url == PAGE
        page = client.get(PAGE).content.decode()
        assert "Choose a new login" in page
        assert "temporary.invalid" not in page

    def test_ends_with_the_new_login(self):
        """ACC-13: afterwards everything opens, and the identifier nothing."""
        _before, after = affected()
        client = browser()
        client.post("/sign-in/", {"email": after.temporary_login, "password": PASSWORD})
        new = "carla.new@example.org"
        assert client.post(PAGE, {"address": new, "password": PASSWORD}).url == PAGE
        assert client.get("/profile/").url == PAGE
        link = link_in(mails(template="login_confirmation")[0], "/confirm/")
        assert client.get(link).status_code == 200
        assert client.post(link).url == "/profile/security/"
        assert client.get("/profile/").status_code == 200
        assert mails(template="login_change_requested") == []
        assert [mail.recipient for mail in mails(template="login_changed")] == [new]
        fields = {"email": after.temporary_login, "password": PASSWORD}
        assert browser().post("/sign-in/", fields).status_code == 422
        assert give_password(browser(), User.objects.get(pk=after.pk)).status_code == 302

    def test_asks_the_second_factor_as_ever(self):
        """ACC-2."""
        user = register()
        turn_on_totp(user)
        with_recovery(user, OTHER)
        after = delete_mailbox(user)
        client = browser()
        client.post("/sign-in/", {"email": after.temporary_login, "password": PASSWORD})
        assert client.get(PAGE).url.startswith("/sign-in/")
        client.post("/sign-in/code/", {"code": code_of(user)})
        assert client.get(PAGE).status_code == 200

    def test_lets_them_sign_out(self):
        """Nobody is locked in."""
        _before, after = affected()
        client = browser()
        client.post("/sign-in/", {"email": after.temporary_login, "password": PASSWORD})
        assert client.post("/sign-out/").url == "/sign-in/"
