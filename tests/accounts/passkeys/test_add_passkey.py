"""Adding a passkey (ACC-8, ACC-9, INC-18)."""

import json
import re

import pytest
from django_otp_webauthn.models import WebAuthnCredential

from accounts.mfa.models import BackupCode
from accounts.passkeys.models import PasskeyChallenge
from tests.factories.passkeys import SecurityKey, add_key
from tests.factories.people import browser, events_called, give_password, mails, register, signed_in

ADD = "/profile/security/passkeys/add/"
OPTIONS = "/profile/security/passkeys/options/"
BROKEN = (
    '{"id": "a", "rawId": "a", "type": "public-key",'
    ' "response": {"clientDataJSON": "%s", "attestationObject": "%s"}}'
)


class TestAddPasskey:
    """The page that makes one."""

    def test_turns_two_step_sign_in_on_with_ten_backup_codes(self):
        """ACC-8, ACC-9, ACC-11: once each."""
        user = register()
        client = signed_in(user)
        _, answer = add_key(client, name="Yellow key")
        codes = set(re.findall(r"\b[a-z2-9]{4}(?:-[a-z2-9]{4}){3}\b", answer.content.decode()))
        assert answer.status_code == 200
        assert len(codes) == 10
        assert "Yellow key" in client.get("/profile/security/").content.decode()
        assert give_password(browser(), user).url == "/sign-in/code/"
        [mail] = mails(template="factor_added")
        assert "Yellow key" in mail.text
        assert "Two-step sign-in was turned on" in mail.subject

    def test_adds_further_ones_without_new_codes(self):
        """ACC-9: the codes that the person keeps stay good."""
        user = register()
        client = signed_in(user)
        add_key(client)
        codes = set(BackupCode.objects.values_list("code_hash", flat=True))
        _, answer = add_key(client)
        assert answer.url == "/profile/security/"
        assert WebAuthnCredential.objects.filter(user=user).count() == 2
        assert set(BackupCode.objects.values_list("code_hash", flat=True)) == codes
        assert [event.payload["is_first"] for event in events_called("user.factor_added")] == [True, False]

    def test_ends_other_sessions_and_renews_this_one(self):
        """ACC-8: they were opened under other conditions."""
        user = register()
        other = signed_in(user)
        client = signed_in(user)
        before = client.cookies["sessionid"].value
        add_key(client)
        assert other.get("/profile/").status_code == 302
        assert client.get("/profile/").status_code == 200
        assert client.cookies["sessionid"].value != before
        assert client.session["otp_device_id"].startswith("django_otp_webauthn.")

    def test_asks_the_device_to_verify_its_owner(self):
        """ACC-8: a passkey alone opens the account."""
        client = signed_in(register())
        options = client.post(OPTIONS).json()
        assert options["authenticatorSelection"]["userVerification"] == "required"
        assert options["rp"]["id"] == "localhost"
        _, answer = add_key(client, key=SecurityKey(verifies=False))
        assert answer.status_code == 422
        assert not WebAuthnCredential.objects.exists()

    def test_takes_an_answer_once(self):
        """INC-18: a recorded registration is worth nothing."""
        client = signed_in(register())
        options = client.post(OPTIONS).json()
        body = {"answer": json.dumps(SecurityKey().make(options))}
        assert client.post(ADD, body).status_code == 200
        WebAuthnCredential.objects.all().delete()
        session = client.session
        session["passkey"] = {"challenge": options["challenge"], "require_user_verification": True}
        session.save()
        assert client.post(ADD, body).status_code == 422
        assert not WebAuthnCredential.objects.exists()

    def test_uses_up_the_challenge_of_a_refused_answer(self):
        """INC-18: not even a wrong one leaves its challenge behind."""
        client = signed_in(register())
        options = client.post(OPTIONS).json()
        wrong = SecurityKey(origin="https://evil.example").make(options)
        assert client.post(ADD, {"answer": json.dumps(wrong)}).status_code == 422
        assert not PasskeyChallenge.objects.exists()
        right = SecurityKey().make(options)
        assert client.post(ADD, {"answer": json.dumps(right)}).status_code == 422

    def test_takes_no_answer_to_another_persons_challenge(self):
        """INC-18."""
        other = signed_in(register())
        options = other.post(OPTIONS).json()
        client = signed_in(register())
        session = client.session
        session["passkey"] = {"challenge": options["challenge"], "require_user_verification": True}
        session.save()
        body = {"answer": json.dumps(SecurityKey().make(options))}
        assert client.post(ADD, body).status_code == 422

    def test_takes_a_passkey_once(self):
        """ACC-8: nor as somebody else's."""
        key, _ = add_key(signed_in(register()))
        _, answer = add_key(signed_in(register()), key=key)
        assert answer.status_code == 422
        assert WebAuthnCredential.objects.count() == 1

    def test_takes_a_challenge_for_five_minutes(self, time_machine_at):
        """INC-18."""
        client = signed_in(register())
        options = client.post(OPTIONS).json()
        body = {"answer": json.dumps(SecurityKey().make(options))}
        with time_machine_at(minutes=6):
            assert client.post(ADD, body).status_code == 422

    @pytest.mark.parametrize(
        "answer",
        [
            "",
            "x",
            "[]",
            "{}",
            '{"response": {}}',
            '{"response": {}, "rawId": 7, "id": 7}',
            BROKEN % ("e30", "oA"),
            BROKEN % ("", ""),
            "[" * 9000,
            "\x00",
            "9" * 30_000,
        ],
    )
    def test_says_so_for_any_input(self, answer):
        """Never a 500."""
        client = signed_in(register())
        client.post(OPTIONS)
        assert client.post(ADD, {"answer": answer}).status_code == 422

    def test_asks_for_a_fresh_proof(self, time_machine_at):
        """ACC-8: an open browser is not enough."""
        client = signed_in(register())
        with time_machine_at(minutes=16):
            assert client.get(ADD).url.startswith("/profile/security/prove/")
            assert client.post(OPTIONS).url.startswith("/profile/security/prove/")

    def test_says_plainly_what_it_needs(self):
        """ACC-8: a host name and scripts; an address of numbers has no passkeys."""
        client = signed_in(register())
        page = client.get(ADD, headers={"host": "127.0.0.1"}).content.decode()
        assert "Passkeys do not work at this address" in page
        assert "http://localhost:" in page
        page = client.get(ADD, headers={"host": "localhost"}).content.decode()
        assert "Passkeys do not work at this address" not in page
        assert "<noscript>" in page
