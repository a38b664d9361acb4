"""Changing the login address (ACC-4, INC-10)."""

import pytest

from accounts.recovery.models import AddressChange
from accounts.sessions.models import Session
from accounts.users.models import SecurityEvent, User
from tests.factories.people import (
    PASSWORD,
    browser,
    events_called,
    give_password,
    link_in,
    mails,
    register,
    signed_in,
    told,
    with_recovery,
)

PAGE = "/profile/security/login/"
NEW = "carla.new@example.net"


def ask(client, address: str = NEW, password: str = PASSWORD):
    return client.post(PAGE, {"address": address, "password": password})


def confirmation_link() -> str:
    return link_in(mails(template="login_confirmation")[-1], "/login/confirm/")


class TestRequestLoginChange:
    """Asking changes nothing yet and tells both addresses."""

    def test_mails_the_link_to_the_new_and_a_notice_to_the_old_address(self):
        """ACC-4, INC-10."""
        user = register()
        assert ask(signed_in(user), NEW.upper()).url == PAGE
        [link] = mails(template="login_confirmation")
        [notice] = mails(template="login_change_requested")
        assert (link.recipient, notice.recipient) == (NEW, user.email)
        assert NEW in notice.text
        assert User.objects.get(pk=user.pk).email == user.email
        assert give_password(browser(), user).status_code == 302

    def test_stores_no_secret(self, superuser_connection):
        """The key of the link stands in the mail alone."""
        ask(signed_in(register()))
        secret = confirmation_link().rstrip("/").rpartition("/")[2].partition("-")[2]
        assert len(secret) > 20
        rows = superuser_connection.execute("select row_to_json(c)::text from accounts_addresschange c")
        assert secret not in str(rows.fetchall())
        assert secret not in str([event.payload for event in events_called("user.login_change_requested")])

    def test_asks_the_password_and_a_fresh_proof(self, time_machine_at):
        """ACC-4: an open browser is not enough."""
        client = signed_in(register())
        assert ask(client, password="wrong-password-entirely").status_code == 422
        assert not AddressChange.objects.exists()
        with time_machine_at(minutes=16):
            assert client.get(PAGE).url.startswith("/profile/security/prove/")
            assert ask(client).url.startswith("/profile/security/prove/")
        assert not AddressChange.objects.exists()

    def test_slows_guessing_the_password(self):
        """ACC-17: whoever found an open browser."""
        client = signed_in(register())
        codes = [ask(client, password="wrong-password-entirely").status_code for _ in range(6)]
        assert codes[:5] == [422] * 5
        assert codes[5] == 429

    def test_refuses_the_present_and_the_recovery_address(self):
        """ACC-4: losing one must not lose both."""
        user = with_recovery(register())
        client = signed_in(user)
        for address in (user.email, user.recovery_email, user.recovery_email.upper()):
            answer = ask(client, address)
            assert answer.status_code == 422
            assert "field__error" in answer.content.decode()
        assert not AddressChange.objects.filter(kind="login").exists()

    @pytest.mark.parametrize(
        "address",
        ["", "no-address", "a" * 300 + "@example.org", "a\x00@b.ch", "ab12345678@temporary.invalid"],
    )
    def test_refuses_what_is_no_address(self, address):
        """Beside the field, with 422."""
        assert ask(signed_in(register()), address).status_code == 422

    def test_answers_alike_for_another_persons_login_and_tells_its_owner(self, query_count):
        """ACC-4, INC-8: body, status and work are the same; only the owner learns of it."""
        owner, asker = register(email="carla.known@example.org"), register()
        seen = []
        for address in (owner.email, "carla.other@example.org"):
            client = signed_in(asker)
            with query_count() as queries:
                answer = ask(client, address)
            seen.append((told(answer), queries.count, told(client.get(PAGE), address)))
            mails()
        assert seen[0] == seen[1]
        assert [mail.recipient for mail in mails(template="login_wanted_by_another")] == [owner.email]
        assert [mail.recipient for mail in mails(template="login_confirmation")] == [
            "carla.other@example.org"
        ]

    def test_limits_mails_to_strangers(self):
        """INC-12: five an hour, whatever their addresses."""
        client = signed_in(register())
        codes = [ask(client, f"stranger{number}@example.org").status_code for number in range(6)]
        assert codes == [302] * 5 + [429]

    def test_keeps_one_wish(self):
        """A later wish takes the place of the earlier one, whose link ends."""
        client = signed_in(register())
        ask(client)
        first = confirmation_link()
        ask(client, "carla.newer@example.net")
        assert client.post(first).status_code == 404
        assert AddressChange.objects.filter(cancelled_at=None).count() == 1


class TestWaitingChange:
    """What waits is shown, sent again, given up."""

    def test_is_shown_on_both_pages(self):
        """ACC-4."""
        client = signed_in(register())
        ask(client)
        assert NEW in client.get(PAGE).content.decode()
        assert NEW in client.get("/profile/security/").content.decode()

    def test_is_sent_again_with_another_link(self):
        """The earlier link ends."""
        client = signed_in(register())
        ask(client)
        first = confirmation_link()
        assert client.post(f"{PAGE}resend/").url == PAGE
        second = confirmation_link()
        assert second != first
        assert client.post(first).status_code == 404
        assert client.post(second).status_code == 302
        assert len(mails(template="login_change_requested")) == 1

    def test_is_given_up(self):
        """The link ends, and nothing is left to give up."""
        client = signed_in(register())
        ask(client)
        link = confirmation_link()
        assert client.post(f"{PAGE}cancel/").url == PAGE
        assert client.post(link).status_code == 404
        assert NEW not in client.get(PAGE).content.decode()
        assert client.post(f"{PAGE}cancel/").url == PAGE

    def test_is_stopped_from_the_mailbox_before(self):
        """INC-10: without signing in, with one click on a button."""
        user = register()
        client = signed_in(user)
        ask(client)
        link = confirmation_link()
        stop = link_in(mails(template="login_change_requested")[0], "/stop/")
        stranger = browser()
        assert stranger.get(stop).status_code == 200
        assert AddressChange.objects.get().cancelled_at is None
        assert stranger.post(stop).status_code == 302
        assert client.post(link).status_code == 404
        assert stranger.get(stop).status_code == 404


class TestConfirmLoginChange:
    """The link in the new mailbox makes it the login."""

    def test_changes_it_ends_other_sessions_and_tells_both(self):
        """ACC-4, ACC-11, INC-10: new session key, other sessions ended, both mailed, logged."""
        user = register()
        client, other = signed_in(user), signed_in(user)
        ask(client)
        kept = client.cookies["sessionid"].value
        link = confirmation_link()
        assert client.get(link).status_code == 200
        assert User.objects.get(pk=user.pk).email == user.email
        assert client.post(link).url == "/profile/security/"
        assert client.cookies["sessionid"].value != kept
        assert client.get("/profile/").status_code == 200
        assert other.get("/profile/").status_code == 302
        assert Session.objects.filter(user=user).count() == 1
        assert {mail.recipient for mail in mails(template="login_changed")} == {user.email, NEW}
        assert SecurityEvent.objects.filter(user=user, name="user.login_changed").count() == 1
        assert give_password(browser(), user).status_code == 422
        assert give_password(browser(), User.objects.get(pk=user.pk)).status_code == 302

    def test_works_once(self):
        """The link is dead afterwards."""
        client = signed_in(register())
        ask(client)
        link = confirmation_link()
        client.post(link)
        assert client.get(link).status_code == 404
        assert client.post(link).status_code == 404

    def test_works_for_24_hours(self, time_machine_at):
        """ACC-4."""
        user = register()
        client = signed_in(user)
        ask(client)
        link = confirmation_link()
        with time_machine_at(hours=24, minutes=1):
            client = signed_in(user)
            assert client.get(link).status_code == 404
            assert client.post(link).status_code == 404
        assert User.objects.get(pk=user.pk).email == user.email

    def test_gives_the_account_to_nobody_else(self):
        """INC-10: a mistyped address in a stranger's mailbox gains nothing."""
        user, stranger = register(), register()
        ask(signed_in(user))
        link = confirmation_link()
        assert browser().post(link).url.startswith("/sign-in/")
        assert signed_in(stranger).get(link).status_code == 404
        assert signed_in(stranger).post(link).status_code == 404
        assert User.objects.get(pk=user.pk).email == user.email

    def test_leads_through_the_sign_in(self):
        """ACC-4: opened in another browser, with the login before."""
        user = register()
        ask(signed_in(user))
        link = confirmation_link()
        client = browser()
        came_for = client.get(link).url
        assert came_for == f"/sign-in/?next={link}"
        assert give_password(client, user, next=link).url == link
        assert client.post(link).status_code == 302
        assert User.objects.get(pk=user.pk).email == NEW

    def test_yields_to_who_registered_meanwhile(self):
        """ACC-4: never two people with one login."""
        user = register()
        client = signed_in(user)
        ask(client)
        link = confirmation_link()
        register(email=NEW)
        assert client.post(link).status_code == 409
        assert User.objects.get(pk=user.pk).email == user.email
        assert client.get("/profile/").status_code == 200

    def test_ends_reset_links_of_the_login_before(self):
        """INC-10: what was mailed to the old address opens nothing."""
        from accounts.users.links import make_password_reset
        from tests.factories.people import present

        user = register()
        token = make_password_reset(user, at=present())
        client = signed_in(user)
        ask(client)
        client.post(confirmation_link())
        assert browser().get(f"/password-reset/{token}/").status_code == 404

    @pytest.mark.parametrize("key", ["x", "1-x", "1-", "-x", "99999999999999999999-x", "é-x", "1" * 500])
    @pytest.mark.parametrize("path", [f"{PAGE}confirm/", "/login-change/stop/", "/login-change/undo/"])
    def test_answers_made_up_keys_with_404(self, path, key):
        """Never a 500."""
        client = signed_in(register())
        assert client.get(f"{path}{key}/").status_code == 404
        assert client.post(f"{path}{key}/").status_code == 404
