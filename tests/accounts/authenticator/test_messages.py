"""What a phone says is signed, fresh, and said once (ACC-10, INC-18)."""

import json
from uuid import uuid4

import pytest

from tests.factories.people import present, register
from tests.factories.phones import Phone, linked_phone


class TestMessage:
    """What a phone says is signed, fresh, and said once."""

    def test_is_refused_with_another_key(self):
        """And tells nothing about the phone."""
        phone = linked_phone(register())
        stranger = Phone(reference=phone.reference)
        answer = stranger.tell("requests")
        assert (answer.status_code, answer.json()["code"]) == (404, "not_linked")
        assert Phone(reference=str(uuid4())).tell("requests").json()["code"] == "not_linked"

    def test_is_taken_once(self):
        """INC-18: a recorded message is worth nothing."""
        phone = linked_phone(register())
        body = phone.seal("requests")
        assert phone.send("requests", body).status_code == 200
        answer = phone.send("requests", body)
        assert (answer.status_code, answer.json()["code"]) == (409, "said_before")

    @pytest.mark.parametrize("seconds", [-90, 90])
    def test_must_be_fresh_and_the_answer_tells_the_time(self, seconds):
        """A phone whose clock is wrong corrects itself by the answer."""
        phone = linked_phone(register())
        answer = phone.tell("requests", sent=int(present().timestamp()) + seconds)
        assert (answer.status_code, answer.json()["code"]) == (409, "clock_differs")
        assert abs(answer.json()["time"] - present().timestamp()) < 5

    def test_is_for_one_purpose_and_one_panel(self):
        """INC-18: what was signed to ask for requests approves nothing, here and elsewhere."""
        phone = linked_phone(register())
        assert phone.send("answer", phone.seal("requests")).status_code == 400
        assert phone.tell("requests", at_panel="https://other.example").status_code == 400

    def test_cannot_be_changed(self):
        """The signature is about these very bytes."""
        phone = linked_phone(register())
        body = phone.seal("requests")
        body["message"] = body["message"] + " "
        assert phone.send("requests", body).json()["code"] == "not_linked"

    @pytest.mark.parametrize(
        "body",
        [
            b"",
            b"null",
            b"[]",
            b"{}",
            b"\xff",
            b'{"message": 5}',
            b"[" * 5000,
            b'{"message": "{}", "signature": ""}',
        ],
    )
    def test_that_cannot_be_read_is_answered_so(self, body):
        """Never a 500."""
        client = Phone().client
        for operation in ("requests", "answer", "unlink", "subscribe", "link"):
            path = f"/authenticator/phone/{operation}/"
            assert client.post(path, body, content_type="application/json").status_code == 400

    @pytest.mark.parametrize(
        "content", [{"sent": 10**400}, {"sent": "now"}, {"sent": None}, {"nonce": ""}, {"nonce": 5}]
    )
    def test_with_odd_parts_is_answered_so(self, content):
        """Never a 500."""
        assert linked_phone(register()).tell("requests", **content).status_code == 400

    def test_that_is_too_long_is_not_read(self):
        """An open door takes small things only."""
        body = json.dumps({"message": "x" * 20_000, "signature": ""})
        assert (
            Phone()
            .client.post("/authenticator/phone/requests/", body, content_type="application/json")
            .status_code
            == 400
        )

    def test_says_the_same_of_a_closed_account(self):
        """Nobody learns whether an account exists."""
        user = register()
        phone = linked_phone(user)
        user.is_active = False
        user.save()
        assert phone.tell("requests").json()["code"] == "not_linked"
