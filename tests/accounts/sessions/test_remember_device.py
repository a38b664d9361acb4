"""Devices that are not asked for the second factor for 30 days, and what ends that (ACC-2, ACC-8)."""

import pytest
from django_otp.plugins.otp_totp.models import TOTPDevice

from accounts.sessions.models import Device, Session
from accounts.users.models import User
from tests.factories.identity import make_staff
from tests.factories.people import (
    NEW_PASSWORD,
    PASSWORD,
    browser,
    code_of,
    events_called,
    give_password,
    link_in,
    mails,
    register,
    turn_on_totp,
    with_recovery,
)

STEP = "/sign-in/code/"


def give_code(client, user, **fields: str):
    TOTPDevice.objects.update(last_t=-1)
    return client.post(STEP, {"code": code_of(user), **fields})


def remembered(user: User):
    """Return a browser in which the person, who has a second factor, has ticked the box."""
    client = browser()
    assert give_password(client, user).url == STEP
    assert give_code(client, user, remember="on").url == "/"
    return client


def with_factor(**fields: str) -> User:
    user = register(**fields)
    turn_on_totp(user)
    return user


def asks_again(client, user, password: str = PASSWORD) -> bool:
    """Sign out and in again in this browser; return whether the second factor is asked for."""
    client.post("/sign-out/")
    answer = give_password(client, user, password)
    assert answer.status_code == 302, answer.content
    return answer.url == STEP


class TestTheBox:
    """The second step offers it at each sign-in."""

    def test_leaves_the_device_alone_for_thirty_days(self, time_machine_at):
        """ACC-2: the password is enough here until then."""
        user = with_factor()
        client = remembered(user)
        assert not asks_again(client, user)
        assert client.get("/profile/").status_code == 200
        with time_machine_at(days=29):
            assert not asks_again(client, user)
        with time_machine_at(days=30, minutes=1):
            assert asks_again(client, user)

    def test_stands_on_the_page_and_is_not_ticked(self):
        """ACC-2"""
        user, client = with_factor(), browser()
        give_password(client, user)
        page = client.get(STEP).content.decode()
        assert 'name="remember"' in page
        assert " checked" not in page

    def test_does_nothing_unless_ticked(self):
        """ACC-8"""
        user, client = with_factor(), browser()
        give_password(client, user)
        give_code(client, user)
        assert asks_again(client, user)

    def test_holds_for_this_device_and_person_alone(self):
        """INC-15: neither another browser nor another person of this one goes past the second factor."""
        user, neighbour = with_factor(), with_factor()
        client = remembered(user)
        assert asks_again(browser(), user)
        assert asks_again(client, neighbour)
        assert not asks_again(client, user)

    def test_needs_the_right_factor_first(self):
        """INC-15: nothing is remembered by asking."""
        user, client = with_factor(), browser()
        give_password(client, user, remember="on")
        assert client.post(STEP, {"code": "abcd-abcd", "remember": "on"}).status_code == 422
        assert not Device.objects.filter(remembered_until__isnull=False).exists()

    def test_gives_the_cookie_another_secret_which_is_stored_hashed(self):
        """INC-17: a secret that was seen before is worth nothing; the row knows no secret."""
        user, client = register(), browser()
        give_password(client, user)
        seen = client.cookies["devices"].value
        turn_on_totp(user)
        client.post("/sign-out/")
        give_password(client, user)
        give_code(client, user, remember="on")
        now = client.cookies["devices"].value
        assert seen not in now
        assert now not in str(Device.objects.values().get())
        other = browser()
        other.cookies["devices"] = seen
        assert asks_again(other, user)

    def test_is_no_way_in_without_the_password(self):
        """INC-15"""
        user = with_factor()
        client = remembered(user)
        client.post("/sign-out/")
        assert give_password(client, user, "wrong-password-entirely").status_code == 422
        assert not Session.objects.filter(user=user).exists()


class TestASessionOfSuchADevice:
    def test_is_not_verified(self):
        """INC-16: no factor was shown, so none is noted."""
        user = with_factor()
        client = remembered(user)
        assert not asks_again(client, user)
        assert "otp_device_id" not in client.session
        event = user.security_events.filter(name="user.signed_in").latest("pk")
        assert event.details["factor"] == "device"

    @pytest.mark.parametrize("path", ["/profile/security/phone/", "/profile/security/login/"])
    def test_asks_for_a_factor_before_sensitive_changes(self, path):
        """ACC-8: the password of the sign-in is no fresh proof, and another time is none either."""
        user = with_factor()
        client = remembered(user)
        asks_again(client, user)
        asked = client.get(path)
        assert asked.url.startswith("/profile/security/prove/?")
        client.post(asked.url, {"password": PASSWORD})
        assert client.get(path).status_code == 302
        client.get(asked.url)
        assert give_code(client, user).url == path
        assert client.get(path).status_code == 200
        assert "otp_device_id" in client.session

    def test_of_staff_is_never_opened_so(self):
        """INC-15: the box is not offered, a forged one does nothing, and one from before does not count."""
        staff, client = make_staff(), browser()
        turn_on_totp(staff)
        give_password(client, staff)
        assert 'name="remember"' not in client.get(STEP).content.decode()
        give_code(client, staff, remember="on")
        assert asks_again(client, staff)
        user = with_factor()
        client = remembered(user)
        User.objects.filter(pk=user.pk).update(is_staff=True)
        assert asks_again(client, user)


def change_password(client, user: User) -> None:
    fields = {"current": PASSWORD, "password": NEW_PASSWORD}
    assert client.post("/profile/security/password/", fields).status_code == 302


def change_login(client, user: User) -> None:
    client.post("/profile/security/login/", {"address": "new@example.net", "password": PASSWORD})
    [mail] = mails(template="login_confirmation")
    assert client.post(link_in(mail, "/login/")).status_code == 302
    user.refresh_from_db()


def add_factor(client, user: User) -> None:
    from tests.factories.sms import turn_on_sms

    turn_on_sms(user)


def remove_recovery(client, user: User) -> None:
    with_recovery(user)


def revoke_all(client, user: User) -> None:
    give = browser()
    give_password(give, user)
    give_code(give, user)
    client.post("/profile/sessions/revoke-others/")


def revoke_it(client, user: User) -> None:
    session = Session.objects.filter(user=user).latest("pk")
    other = browser()
    give_password(other, user)
    give_code(other, user)
    assert other.post(f"/profile/sessions/{session.pk}/revoke/").status_code == 302


def forget_it(client, user: User) -> None:
    device = Device.objects.get(user=user)
    page = client.get("/profile/security/").content.decode()
    assert f"/profile/devices/{device.pk}/forget/" in page
    assert client.post(f"/profile/devices/{device.pk}/forget/").status_code == 302
    assert "/forget/" not in client.get("/profile/security/").content.decode()


def reset_password(client, user: User) -> None:
    browser().post("/password-forgotten/", {"email": user.email})
    [mail] = mails(template="password_reset")
    path = link_in(mail, "/password-reset/")
    assert browser().post(path, {"password": NEW_PASSWORD}).status_code == 302


ENDS = {
    "password": change_password,
    "reset": reset_password,
    "login": change_login,
    "another factor": add_factor,
    "recovery address": remove_recovery,
    "ending the other sessions": revoke_all,
    "ending its session": revoke_it,
    "forgetting it": forget_it,
}


class TestItEnds:
    @pytest.mark.parametrize("how", ENDS)
    def test_with(self, how):
        """ACC-5, ACC-4, ACC-8, ACC-14: from then on the second factor is asked here again."""
        user = with_factor()
        client = remembered(user)
        ENDS[how](client, user)
        user.refresh_from_db()
        password = NEW_PASSWORD if user.check_password(NEW_PASSWORD) else PASSWORD
        client.post("/sign-out/")
        assert give_password(client, user, password).url.startswith("/sign-in/")

    def test_is_forgotten_by_its_owner_alone(self):
        """INC-2: another's is a missing one."""
        user, stranger = with_factor(), with_factor()
        client, theirs = remembered(user), remembered(stranger)
        device = Device.objects.get(user=stranger)
        assert client.post(f"/profile/devices/{device.pk}/forget/").status_code == 404
        assert client.post(f"/profile/devices/{10**30}/forget/").status_code == 404
        assert not asks_again(theirs, stranger)

    def test_stands_in_the_history(self):
        """ACC-14"""
        user = with_factor()
        forget_it(remembered(user), user)
        names = set(user.security_events.values_list("name", flat=True))
        assert {"user.device_remembered", "user.device_forgotten"} <= names
        assert events_called("user.device_remembered") == []
