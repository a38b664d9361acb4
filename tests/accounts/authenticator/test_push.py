"""Waking a phone (ACC-10): only by push services of browsers, and never in anybody's way."""

import pytest

from accounts.authenticator.models import ApprovalRequest
from accounts.authenticator.periodic import drain_pushes
from accounts.authenticator.push import public_push_key, send_push
from accounts.authenticator.services import ask_approval
from tests.factories.people import present, register, visitor
from tests.factories.phones import Phone, linked_phone

KEY = "S8vGvU6LxPLYcLa1WbPX0rvVVYOyJ7w9BgnsIZ0Cqnk"


def subscription(address="https://fcm.googleapis.com/fcm/send/abc", **keys):
    from accounts.authenticator.keys import decode_base64url, encode_base64url

    public = Phone().public_key
    point = b"\x04" + decode_base64url(public["x"]) + decode_base64url(public["y"])
    given = {"p256dh": encode_base64url(point), "auth": encode_base64url(b"x" * 16), **keys}
    return {"endpoint": address, "keys": given, "expirationTime": None}


class TestSubscribe:
    def test_keeps_what_the_browser_gave(self):
        """Without what is not needed."""
        phone = linked_phone(register())
        assert phone.tell("subscribe", subscription=subscription()).status_code == 200
        assert set(phone.row.push_subscription) == {"endpoint", "keys"}
        assert phone.tell("subscribe", subscription=None).status_code == 200
        assert phone.row.push_subscription is None

    @pytest.mark.parametrize(
        "address",
        [
            "http://fcm.googleapis.com/x",
            "https://127.0.0.1/x",
            "https://localhost/x",
            "https://fcm.googleapis.com.evil.example/x",
            "https://fcm.googleapis.com@127.0.0.1/x",
            "https://fcm.googleapis.com:8443/x",
            "https://evilnotify.windows.com.example/",
            "https://[::1]/x",
            "https://fcm.googleapis.com:x/",
            "file:///etc/passwd",
            "",
            "https://fcm.googleapis.com/" + "x" * 2000,
            "https://fcm.googleapis.com/\r\nx",
        ],
    )
    def test_refuses_addresses_of_others(self, address):
        """The worker calls no address that somebody made up."""
        phone = linked_phone(register())
        answer = phone.tell("subscribe", subscription=subscription(address))
        assert (answer.status_code, answer.json()["code"]) == (422, "invalid_subscription")
        assert phone.row.push_subscription is None

    @pytest.mark.parametrize(
        "given", ["x", [], {}, {"endpoint": 5}, {"endpoint": "https://web.push.apple.com/x", "keys": 5}]
    )
    def test_refuses_what_is_none(self, given):
        """Never a 500."""
        phone = linked_phone(register())
        assert phone.tell("subscribe", subscription=given).status_code == 422

    @pytest.mark.parametrize("keys", [{"auth": "x"}, {"p256dh": None}, {"p256dh": "####"}])
    def test_refuses_keys_that_are_none(self, keys):
        """They would fail later, in the worker."""
        phone = linked_phone(register())
        assert phone.tell("subscribe", subscription=subscription(**keys)).status_code == 422


class TestPush:
    def test_is_told_once_for_each_request(self, settings):
        """A request without phones that can be woken is done at once."""
        settings.PUSH_PRIVATE_KEY = KEY
        user = register()
        linked_phone(user)
        asked = ask_approval(user=user, is_sign_in=True, actor=visitor(), at=present())
        assert drain_pushes(at=present()) == 1
        assert drain_pushes(at=present()) == 0
        assert ApprovalRequest.objects.get(pk=asked.pk).pushed_at is not None

    def test_that_fails_is_in_nobodys_way(self, settings):
        """The service cannot be reached here; the app asks by itself."""
        settings.PUSH_PRIVATE_KEY = KEY
        settings.PUSH_SERVICES = ["push.invalid"]
        user = register()
        phone = linked_phone(user)
        phone.tell("subscribe", subscription=subscription("https://push.invalid/x"))
        asked = ask_approval(user=user, is_sign_in=True, actor=visitor(), at=present())
        assert send_push(phone=phone.row, request=asked) is False
        assert drain_pushes(at=present()) == 1
        assert phone.row.push_subscription is not None

    def test_without_a_key_is_none(self, settings):
        """An operator may do without."""
        settings.PUSH_PRIVATE_KEY = ""
        assert public_push_key() == ""
        user = register()
        phone = linked_phone(user)
        asked = ask_approval(user=user, is_sign_in=True, actor=visitor(), at=present())
        assert send_push(phone=phone.row, request=asked) is False

    def test_key_is_a_point_for_browsers(self, settings):
        """65 bytes, as `applicationServerKey` wants it."""
        from accounts.authenticator.keys import decode_base64url

        settings.PUSH_PRIVATE_KEY = KEY
        assert len(decode_base64url(public_push_key())) == 65
