"""Signing in with a passkey: as the second step, and alone (ACC-8, INC-15, INC-18)."""

import json

import pytest
from django_otp_webauthn.models import WebAuthnCredential

from accounts.passkeys.models import PasskeyChallenge
from accounts.passkeys.periodic import drain_expired_challenges
from accounts.passkeys.services import PasskeyRefused, ask_passkey, use_passkey
from accounts.sessions.models import Session
from accounts.sessions.sudo import PROVED_BY_FACTOR
from tests.factories.passkeys import SecurityKey, add_key, confirm_with, sign_in_with
from tests.factories.people import (
    browser,
    events_called,
    give_password,
    present,
    register,
    signed_in,
)
from tests.factories.together import at_once

OPTIONS = "/sign-in/passkey/options/"
SIGN_IN = "/sign-in/passkey/"


def person_with_key():
    user = register()
    key, answer = add_key(signed_in(user))
    assert answer.status_code == 200
    return user, key


class TestAlone:
    """A passkey is two factors in one: having it, and what its device asks."""

    def test_signs_in_and_goes_on(self):
        """ACC-8, ACC-2."""
        user, key = person_with_key()
        client = browser()
        assert sign_in_with(client, key, next="/profile/tokens/").url == "/profile/tokens/"
        assert client.get("/profile/").status_code == 200
        assert client.session["otp_device_id"].startswith("django_otp_webauthn.")
        assert PROVED_BY_FACTOR in client.session
        assert WebAuthnCredential.objects.get().last_used_at is not None
        assert Session.objects.filter(user=user).latest("pk").device is not None

    def test_comes_in_by_the_one_entrance(self):
        """INC-15, ACC-11: known devices and mails as with a password."""
        _, key = person_with_key()
        client = browser()
        client.get("/sign-in/")
        sign_in_with(client, key)
        assert client.cookies["sessionid"].value
        assert len(events_called("user.signed_in_from_new_device")) == 2
        assert "devices" in client.cookies

    def test_a_late_challenge_leaves_the_session_alone(self):
        """ACC-2: the page asks for one by itself, perhaps while the password is on its way."""
        answer = browser().post(OPTIONS)
        assert set(answer.cookies) == {"passkey"}
        assert answer.cookies["passkey"]["httponly"]
        assert answer.cookies["passkey"]["samesite"] == "Strict"
        assert Session.objects.filter(user=None).count() == 0

    @pytest.mark.parametrize("cookie", ["", "x", "x:y:z", "a" * 5000])
    def test_takes_no_forged_challenge(self, cookie):
        """INC-18: nor a 500."""
        _, key = person_with_key()
        client = browser()
        options = client.post(OPTIONS).json()
        client.cookies["passkey"] = cookie
        assert client.post(SIGN_IN, {"answer": json.dumps(key.sign(options))}).status_code == 422

    def test_names_nobody_before(self):
        """INC-8: the challenge is the same for everybody."""
        person_with_key()
        options = browser().post(OPTIONS).json()
        assert not options.get("allowCredentials")
        assert options["userVerification"] == "required"

    def test_refuses_a_device_that_did_not_verify_its_owner(self):
        """ACC-8: a found key alone opens nothing."""
        _, key = person_with_key()
        key.verifies = False
        assert sign_in_with(browser(), key).status_code == 422

    def test_refuses_another_page(self):
        """ACC-8: what was signed for a forged page is worth nothing here."""
        _, key = person_with_key()
        key.origin = "https://localhost.evil.example"
        assert sign_in_with(browser(), key).status_code == 422

    def test_refuses_an_unknown_passkey(self):
        """And says no more about it."""
        person_with_key()
        assert sign_in_with(browser(), SecurityKey()).status_code == 422

    def test_refuses_a_removed_one(self):
        """ACC-8: at once."""
        _, key = person_with_key()
        WebAuthnCredential.objects.all().delete()
        assert sign_in_with(browser(), key).status_code == 422

    def test_refuses_one_that_says_it_is_somebody_elses(self):
        """INC-16: passkey and person belong together."""
        _, key = person_with_key()
        _, other = person_with_key()
        key.handle = other.handle
        assert sign_in_with(browser(), key).status_code == 422

    @pytest.mark.parametrize("change", [{"is_active": False}, {"email_confirmed_at": None}])
    def test_refuses_who_may_not_sign_in(self, change):
        """ACC-2: by no way."""
        user, key = person_with_key()
        type(user).objects.filter(pk=user.pk).update(**change)
        assert sign_in_with(browser(), key).status_code == 422

    def test_refuses_a_replay(self):
        """INC-18: the same answer a second time, also in the session that got the challenge."""
        _, key = person_with_key()
        key.counts = False
        client = browser()
        options = client.post(OPTIONS).json()
        cookie = client.cookies["passkey"].value
        body = {"answer": json.dumps(key.sign(options))}
        assert client.post(SIGN_IN, body).status_code == 302
        again = browser()
        again.cookies["passkey"] = cookie
        assert again.post(SIGN_IN, body).status_code == 422
        assert "_auth_user_id" not in again.session

    def test_takes_the_same_answer_once_of_fifty(self):
        """INC-13, INC-18: whoever deletes the challenge's row goes on."""
        _, key = person_with_key()
        key.counts = False
        options, state = ask_passkey(user=None, at=present())
        answer = key.sign(options)

        def attempt() -> None:
            use_passkey(user=None, state=state, answer=answer, at=present())

        assert at_once(50, attempt, refusal=PasskeyRefused) == 1

    def test_refuses_a_copied_key(self):
        """ACC-8: one that counts must have counted on."""
        _, key = person_with_key()
        assert sign_in_with(browser(), key).status_code == 302
        key.counter = 0
        assert sign_in_with(browser(), key).status_code == 422

    def test_leads_nowhere_else(self):
        """INC-21."""
        _, key = person_with_key()
        assert sign_in_with(browser(), key, next="//evil.example").url == "/"

    @pytest.mark.parametrize(
        "answer",
        [
            "",
            "{}",
            '{"response": {}}',
            '{"rawId": "a", "id": "a", "response": {"userHandle": 7}}',
            "\x00",
            "[" * 9000,
        ],
    )
    def test_says_so_for_any_input(self, answer):
        """Never a 500."""
        client = browser()
        client.post(OPTIONS)
        assert client.post(SIGN_IN, {"answer": answer}).status_code == 422

    def test_without_a_challenge_is_refused(self):
        """INC-18."""
        _, key = person_with_key()
        options = browser().post(OPTIONS).json()
        assert browser().post(SIGN_IN, {"answer": json.dumps(key.sign(options))}).status_code == 422


class TestAsSecondStep:
    """After the password, and as fresh proof."""

    def test_signs_in(self):
        """ACC-8: the step leads to the passkey's page by itself."""
        user, key = person_with_key()
        client = browser()
        give_password(client, user)
        assert client.get("/sign-in/code/").url.startswith("/sign-in/code/passkey/?factor=")
        assert client.get("/sign-in/code/passkey/").status_code == 200
        options = client.post("/sign-in/code/passkey/options/").json()
        assert len(options["allowCredentials"]) == 1
        assert confirm_with(client, key).url == "/"
        assert client.get("/profile/").status_code == 200

    def test_refuses_another_persons_passkey(self):
        """INC-16."""
        user, _ = person_with_key()
        _, other = person_with_key()
        client = browser()
        give_password(client, user)
        assert confirm_with(client, other).status_code == 422
        assert client.get("/profile/").status_code == 302

    def test_opens_nothing_without_the_password(self):
        """INC-15: this page is no sign-in."""
        person_with_key()
        client = browser()
        assert client.post("/sign-in/code/passkey/options/").url == "/sign-in/"
        assert client.post("/sign-in/code/passkey/", {"answer": "{}"}).url == "/sign-in/"

    def test_is_fresh_proof(self, time_machine_at):
        """ACC-8, INC-14: also where only a factor is enough."""
        _, key = person_with_key()
        client = browser()
        sign_in_with(client, key)
        with time_machine_at(minutes=16):
            asked = client.get("/profile/tokens/new/").url
            assert "/sign-in/code/passkey/?factor=" in client.get(asked).content.decode()
            assert confirm_with(client, key).url == "/profile/tokens/new/"
            assert client.get("/profile/tokens/new/").status_code == 200


class TestChallenges:
    """Those that nobody answered are forgotten."""

    def test_are_deleted_when_they_are_over(self, time_machine_at):
        """INC-18: by the real clock."""
        browser().post(OPTIONS)
        assert drain_expired_challenges(at=present()) == 0
        with time_machine_at(minutes=6):
            assert drain_expired_challenges(at=present()) == 1
        assert not PasskeyChallenge.objects.exists()
