"""Login, recovery address, mobile number and password over the API (ACC-4 to ACC-7)."""

import pytest

from accounts.recovery.models import AddressChange
from accounts.tokens.scopes import Scope
from accounts.users.models import User
from tests.factories.people import (
    NEW_PASSWORD,
    PASSWORD,
    browser,
    give_password,
    mails,
    register,
    signed_in,
    with_recovery,
)
from tests.factories.tokens import make_api_token, profile_status, token_client

BASE = "/api/1/profile/"


def call(user: User, path: str, **body: object):
    client = token_client(user, Scope.PROFILE_READ.value, Scope.PROFILE_WRITE.value)
    return client.post(BASE + path, body, content_type="application/json")


class TestAddresses:
    """The same verbs as on the pages; the password is always asked."""

    def test_ask_for_a_new_login(self):
        """ACC-4: the link is opened in a browser, signed in."""
        user = register()
        answer = call(user, "login", address="New@Example.NET", password=PASSWORD)
        assert answer.status_code == 200
        assert answer.json()["data"]["address"] == user.email
        assert answer.json()["data"]["waiting"]["address"] == "new@example.net"
        assert [mail.recipient for mail in mails(template="login_confirmation")] == ["new@example.net"]
        assert call(user, "login/resend").status_code == 200
        assert len(mails(template="login_confirmation")) == 2
        assert call(user, "login/cancel").json()["data"]["waiting"] is None
        assert call(user, "login/cancel").status_code == 409

    def test_ask_for_a_recovery_address_and_remove_it(self):
        """ACC-6."""
        user = with_recovery(register())
        mails()
        answer = call(user, "recovery-email", address="b@example.net", password=PASSWORD)
        assert answer.json()["data"]["waiting"]["address"] == "b@example.net"
        assert call(user, "recovery-email/cancel").status_code == 200
        browser_of_hers = signed_in(user)
        answer = call(user, "recovery-email/remove", password=PASSWORD)
        assert answer.json()["data"]["address"] == ""
        assert browser_of_hers.get("/profile/").status_code == 302
        assert call(user, "recovery-email/remove", password=PASSWORD).status_code == 409

    @pytest.mark.parametrize("path", ["login", "recovery-email"])
    @pytest.mark.parametrize(
        "address", ["", "no-address", "a\x00@b.ch", "ab12345678@temporary.invalid", 7, []]
    )
    def test_refuse_what_is_no_address(self, path, address):
        """API-4."""
        assert call(register(), path, address=address, password=PASSWORD).status_code == 422
        assert not AddressChange.objects.exists()

    @pytest.mark.parametrize(
        ("path", "body"),
        [
            ("login", {"address": "a@example.net"}),
            ("recovery-email", {"address": "a@example.net"}),
            ("recovery-email/remove", {}),
            ("phone", {"phone": "+41791234567"}),
        ],
    )
    def test_refuse_another_password_and_slow_guessing(self, path, body):
        """ACC-4, ACC-17: a token alone changes no way in."""
        user = with_recovery(register())
        before = User.objects.values().get(pk=user.pk)
        codes = [call(user, path, **body, password="wrong-password-entirely").status_code for _ in range(11)]
        assert codes == [422] * 10 + [429]
        assert User.objects.values().get(pk=user.pk) == before

    def test_need_the_scope(self):
        """API-2."""
        client = token_client(register(), Scope.PROFILE_READ.value)
        assert client.get(BASE + "login").status_code == 200
        body = {"address": "a@example.net", "password": PASSWORD}
        answer = client.post(BASE + "login", body, content_type="application/json")
        assert answer.status_code == 403


class TestPhone:
    """The mobile number in its international form."""

    def test_is_changed(self):
        """ACC-7."""
        user = register()
        answer = call(user, "phone", phone="079 123 45 67", password=PASSWORD)
        assert answer.json()["data"]["phone"] == "+41791234567"

    def test_refuses_what_is_no_number(self):
        """API-4."""
        assert call(register(), "phone", phone="abc", password=PASSWORD).status_code == 422

    def test_is_not_part_of_the_profile(self):
        """ACC-7: it finds a forgotten login, so it asks more than a token."""
        user = register(phone="+41791234567")
        token_client(user, Scope.PROFILE_WRITE.value).patch(
            "/api/1/profile", {"phone": "+41790000000"}, content_type="application/json"
        )
        assert User.objects.get(pk=user.pk).phone == "+41791234567"


class TestPassword:
    """The current password is asked; browsers are signed out."""

    def test_is_changed(self):
        """ACC-5."""
        user = register()
        client = signed_in(user)
        assert call(user, "password", current=PASSWORD, password=NEW_PASSWORD).status_code == 200
        assert client.get("/profile/").status_code == 302
        assert give_password(browser(), user, NEW_PASSWORD).status_code == 302
        assert len(mails(template="password_changed")) == 1

    def test_ends_tokens_and_applications_on_wish(self):
        """ACC-5, ACC-16: also the token that asks for it."""
        user = register()
        _token, secret = make_api_token(user)
        wish = {"current": PASSWORD, "password": NEW_PASSWORD, "with_programs": True}
        client = token_client(user, Scope.PROFILE_WRITE.value)
        answer = client.post(BASE + "password", wish, content_type="application/json")
        assert answer.status_code == 200
        assert profile_status(secret) == 401
        assert client.post(BASE + "password", wish, content_type="application/json").status_code == 401

    def test_refuses_a_weak_one_and_another_current_one(self):
        """ACC-5, ACC-17."""
        user = register()
        assert call(user, "password", current=PASSWORD, password="short").status_code == 422
        assert call(user, "password", current="wrong", password=NEW_PASSWORD).status_code == 422
        assert give_password(browser(), user).status_code == 302
