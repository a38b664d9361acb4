"""Unlinking, in the panel and on the phone (ACC-10, ACC-8)."""

from accounts.authenticator.models import LinkedPhone
from accounts.sessions.models import Session
from accounts.users.selectors import has_second_factor
from tests.factories.people import PASSWORD, browser, give_password, mails, register, signed_in, turn_on_totp
from tests.factories.phones import Phone, linked_phone, offer_token

STEP = "/sign-in/phone/"


def signed_in_with(user, phone):
    client = browser()
    give_password(client, user)
    assert client.post(STEP, {"code": phone.code()}).status_code == 302
    return client


class TestInThePanel:
    def test_ends_the_link_and_the_app_notices(self):
        """ACC-10: the next question of the app is answered as to a stranger."""
        user = register()
        turn_on_totp(user)
        phone = linked_phone(user)
        client = signed_in_with(user, phone)
        path = f"/profile/security/factors/authenticator/{phone.row.pk}/remove/"
        assert client.post(path).status_code == 302
        assert phone.tell("requests").json()["code"] == "not_linked"
        assert has_second_factor(user)
        assert "My phone" in mails(template="factor_removed")[0].text

    def test_of_the_last_one_asks_the_password(self):
        """ACC-8, ACC-9: the second step is off then."""
        user = register()
        phone = linked_phone(user)
        client = signed_in_with(user, phone)
        path = f"/profile/security/factors/authenticator/{phone.row.pk}/remove/"
        assert client.post(path, {"password": "wrong"}).status_code == 422
        assert client.post(path, {"password": PASSWORD}).status_code == 302
        assert not has_second_factor(user)

    def test_is_for_ones_own(self):
        """INC-3."""
        phone = linked_phone(register())
        client = signed_in(register())
        path = f"/profile/security/factors/authenticator/{phone.row.pk}/remove/"
        assert client.post(path).status_code == 404

    def test_shows_the_phones(self):
        """ACC-14: by the name that was given on the phone."""
        user = register()
        client = signed_in_with(user, linked_phone(user))
        assert "My phone" in client.get("/profile/security/").content.decode()


class TestOnThePhone:
    def test_ends_the_link(self):
        """ACC-10, ACC-11: with a mail, and the sessions end as with every change of a factor."""
        user = register()
        turn_on_totp(user)
        phone = linked_phone(user)
        signed_in_with(user, phone)
        assert phone.tell("unlink").status_code == 200
        assert not LinkedPhone.objects.exists()
        assert not Session.objects.filter(user=user).exists()
        assert mails(template="factor_removed")

    def test_does_not_turn_the_second_step_off(self):
        """ACC-8: that asks the password, which the phone does not have."""
        user = register()
        phone = linked_phone(user)
        answer = phone.tell("unlink")
        assert (answer.status_code, answer.json()["code"]) == (409, "last_factor")
        assert has_second_factor(user)
        assert phone.tell("requests").status_code == 200

    def test_of_a_phone_that_does_not_count_yet_needs_nothing(self):
        """It was never a factor."""
        phone = Phone()
        phone.link(token=offer_token(register()))
        assert phone.tell("unlink").status_code == 200
        assert mails(template="factor_removed") == []
