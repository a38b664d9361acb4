"""Test cards answer as their numbers promise, with and without the person (BIL-10, BIL-11)."""

import json
from typing import Any
from urllib.parse import urlencode

import pytest

from manager.demo.psp.testing import SandboxProcess, query_of

RETURN = "https://panel.test/back?x=1"


@pytest.fixture
def customer(sandbox: SandboxProcess) -> str:
    return str(sandbox.api("/v1/customers", {"name": "Acme"})["id"])


def send(sandbox: SandboxProcess, path: str, **fields: str) -> tuple[int, dict[str, Any]]:
    status, _, text = sandbox.exchange("POST", sandbox.url + path, urlencode(fields))
    return status, json.loads(text)


def charge(
    sandbox: SandboxProcess, customer: str, means: str, *, off_session: bool = True
) -> tuple[int, dict[str, Any]]:
    how = {"off_session": "true"} if off_session else {"return_url": RETURN}
    fields = {"amount": "2000", "currency": "chf", "customer": customer, "payment_method": means}
    return send(sandbox, "/v1/payment_intents", **fields, confirm="true", **how)


@pytest.mark.parametrize(
    ("token", "code", "decline_code"),
    [
        ("pm_card_chargeDeclined", "card_declined", "generic_decline"),
        ("pm_card_visa_chargeDeclinedInsufficientFunds", "card_declined", "insufficient_funds"),
        ("pm_card_visa_chargeDeclinedLostCard", "card_declined", "lost_card"),
        ("pm_card_chargeDeclinedExpiredCard", "expired_card", "expired_card"),
        ("pm_card_chargeDeclinedProcessingError", "processing_error", "processing_error"),
    ],
)
def test_declines_in_front_of_the_person(
    sandbox: SandboxProcess, customer: str, token: str, code: str, decline_code: str
) -> None:
    status, body = charge(sandbox, customer, token, off_session=False)
    assert status == 402
    error = body["error"]
    assert (error["code"], error["decline_code"]) == (code, decline_code)
    assert error["payment_intent"]["status"] == "requires_payment_method"
    assert error["payment_intent"]["last_payment_error"]["decline_code"] == decline_code
    assert sandbox.charges() == []
    assert [entry["decline_code"] for entry in sandbox.journal("charge")] == [decline_code]


def test_a_card_that_declines_cannot_be_saved(sandbox: SandboxProcess, customer: str) -> None:
    status, body = send(sandbox, "/v1/payment_methods/pm_card_chargeDeclined/attach", customer=customer)
    assert (status, body["error"]["code"]) == (402, "card_declined")


def test_a_card_can_be_saved_and_fail_when_charged(sandbox: SandboxProcess, customer: str) -> None:
    means = sandbox.save_card(customer, "pm_card_chargeCustomerFail")
    assert charge(sandbox, customer, means)[0] == 402


def test_a_saved_card_pays_without_the_person(sandbox: SandboxProcess, customer: str) -> None:
    means = sandbox.save_card(customer)
    status, intent = charge(sandbox, customer, means)
    assert (status, intent["status"], intent["amount_received"]) == (200, "succeeded", 2000)
    (entry,) = sandbox.charges()
    assert entry["off_session"] is True
    assert (entry["amount"], entry["currency"], entry["payment_intent"]) == (2000, "chf", intent["id"])


def test_a_card_approved_when_saved_pays_without_the_person(sandbox: SandboxProcess, customer: str) -> None:
    means = sandbox.save_card(customer, "pm_card_authenticationRequiredOnSetup")
    assert charge(sandbox, customer, means)[1]["status"] == "succeeded"


def test_the_same_card_saved_without_approval_does_not(sandbox: SandboxProcess, customer: str) -> None:
    token = "pm_card_authenticationRequiredOnSetup"
    means = send(sandbox, f"/v1/payment_methods/{token}/attach", customer=customer)[1]["id"]
    assert charge(sandbox, customer, means)[1]["error"]["code"] == "authentication_required"


def test_a_card_that_always_asks_cannot_pay_without_the_person(
    sandbox: SandboxProcess, customer: str
) -> None:
    means = sandbox.save_card(customer, "pm_card_authenticationRequired")
    status, body = charge(sandbox, customer, means)
    assert (status, body["error"]["code"]) == (402, "authentication_required")
    intent = body["error"]["payment_intent"]
    assert intent["status"] == "requires_payment_method"
    path = f"/v1/payment_intents/{intent['id']}/confirm"
    confirmed = send(sandbox, path, payment_method=means, return_url=RETURN)[1]
    assert confirmed["status"] == "requires_action"
    dialog = confirmed["next_action"]["redirect_to_url"]["url"]
    back = sandbox.submit(dialog, {"decision": "approve"})
    assert query_of(back) == {"x": "1", "payment_intent": intent["id"], "redirect_status": "succeeded"}
    assert [entry["payment_intent"] for entry in sandbox.charges()] == [intent["id"]]


def test_refusing_the_approval_charges_nothing(sandbox: SandboxProcess, customer: str) -> None:
    _, intent = charge(sandbox, customer, "pm_card_authenticationRequired", off_session=False)
    dialog = intent["next_action"]["redirect_to_url"]["url"]
    assert query_of(sandbox.submit(dialog, {"decision": "refuse"}))["redirect_status"] == "failed"
    intent = sandbox.get(f"/v1/payment_intents/{intent['id']}")
    assert intent["last_payment_error"]["code"] == "payment_intent_authentication_failure"
    assert sandbox.journal() == []


def test_approving_twice_charges_once(sandbox: SandboxProcess, customer: str) -> None:
    _, intent = charge(sandbox, customer, "pm_card_authenticationRequired", off_session=False)
    dialog = intent["next_action"]["redirect_to_url"]["url"]
    first = sandbox.submit(dialog, {"decision": "approve"})
    assert sandbox.submit(dialog, {"decision": "approve"}) == first
    assert len(sandbox.charges()) == 1


def test_a_card_can_decline_after_approval(sandbox: SandboxProcess, customer: str) -> None:
    token = "pm_card_authenticationRequiredChargeDeclinedInsufficientFunds"
    _, intent = charge(sandbox, customer, token, off_session=False)
    sandbox.submit(intent["next_action"]["redirect_to_url"]["url"], {"decision": "approve"})
    error = sandbox.get(f"/v1/payment_intents/{intent['id']}")["last_payment_error"]
    assert error["decline_code"] == "insufficient_funds"


def test_a_saved_card_can_begin_to_fail(sandbox: SandboxProcess, customer: str) -> None:
    means = sandbox.save_card(customer)
    sandbox.set_means(means, behaviour="decline:lost_card")
    assert charge(sandbox, customer, means)[1]["error"]["decline_code"] == "lost_card"


def test_a_detached_card_cannot_be_charged(sandbox: SandboxProcess, customer: str) -> None:
    means = sandbox.save_card(customer)
    send(sandbox, f"/v1/payment_methods/{means}/detach")
    assert charge(sandbox, customer, means)[0] == 400
    assert sandbox.journal() == []


def test_another_customers_card_cannot_be_charged(sandbox: SandboxProcess, customer: str) -> None:
    means = sandbox.save_card(customer)
    stranger = sandbox.api("/v1/customers", {})["id"]
    assert charge(sandbox, stranger, means)[0] == 400
    assert sandbox.journal() == []


def test_a_charge_can_be_processed_first_and_settled_later(sandbox: SandboxProcess, customer: str) -> None:
    means = sandbox.save_card(customer)
    sandbox.set_means(means, behaviour="processing")
    _, intent = charge(sandbox, customer, means)
    assert intent["status"] == "processing"
    assert sandbox.journal() == []
    sandbox.settle(intent["id"])
    assert sandbox.get(f"/v1/payment_intents/{intent['id']}")["status"] == "succeeded"
    assert len(sandbox.charges()) == 1


def test_a_paid_intent_cannot_be_paid_or_cancelled_again(sandbox: SandboxProcess, customer: str) -> None:
    means = sandbox.save_card(customer)
    _, intent = charge(sandbox, customer, means)
    for action in ("confirm", "cancel"):
        status, body = send(sandbox, f"/v1/payment_intents/{intent['id']}/{action}")
        assert (status, body["error"]["code"]) == (400, "payment_intent_unexpected_state")
    assert len(sandbox.charges()) == 1


class TestRefund:
    """Money goes back in parts, never more than came."""

    def test_gives_back_in_parts(self, sandbox: SandboxProcess, customer: str) -> None:
        _, intent = charge(sandbox, customer, sandbox.save_card(customer))
        assert send(sandbox, "/v1/refunds", payment_intent=intent["id"], amount="500")[0] == 200
        assert send(sandbox, "/v1/refunds", payment_intent=intent["id"], amount="1600")[0] == 400
        assert send(sandbox, "/v1/refunds", payment_intent=intent["id"])[1]["amount"] == 1500
        status, body = send(sandbox, "/v1/refunds", payment_intent=intent["id"])
        assert (status, body["error"]["code"]) == (400, "charge_already_refunded")
        assert [entry["amount"] for entry in sandbox.journal("refund")] == [500, 1500]
        listed = sandbox.get(f"/v1/refunds?payment_intent={intent['id']}")["data"]
        assert [refund["amount"] for refund in listed] == [1500, 500]

    def test_a_failed_charge_has_nothing_to_give_back(self, sandbox: SandboxProcess, customer: str) -> None:
        _, body = charge(sandbox, customer, "pm_card_chargeDeclined", off_session=False)
        intent = body["error"]["payment_intent"]["id"]
        assert send(sandbox, "/v1/refunds", payment_intent=intent)[0] == 400


class TestApi:
    """The shape of the interface."""

    def test_refuses_a_call_without_a_test_key(self, sandbox: SandboxProcess) -> None:
        for key in ("", "Bearer sk_live_real", "Basic sk_test_x"):
            assert sandbox.exchange("GET", f"{sandbox.url}/v1/charges", "", {"Authorization": key})[0] == 401

    def test_refuses_an_unknown_parameter(self, sandbox: SandboxProcess) -> None:
        status, body = send(sandbox, "/v1/customers", **{"metadata[a]": "1", "surname": "x"})
        assert (status, body["error"]["code"]) == (400, "parameter_unknown")

    def test_shows_nothing_of_its_own_business(self, sandbox: SandboxProcess, customer: str) -> None:
        means = sandbox.save_card(customer)
        _, waiting = charge(sandbox, customer, "pm_card_authenticationRequired", off_session=False)
        assert waiting["status"] == "requires_action"
        for path in (f"payment_methods/{means}", f"payment_intents/{waiting['id']}", "events?limit=100"):
            assert '"_' not in json.dumps(sandbox.get(f"/v1/{path}"))

    def test_refuses_an_unknown_address(self, sandbox: SandboxProcess) -> None:
        assert send(sandbox, "/v1/subscriptions")[0] == 404

    def test_pages_through_a_list(self, sandbox: SandboxProcess) -> None:
        made = [sandbox.api("/v1/customers", {})["id"] for _ in range(5)]
        seen: list[str] = []
        more, after = True, ""
        while more:
            page = sandbox.get("/v1/customers?limit=2" + (f"&starting_after={after}" if after else ""))
            seen += [thing["id"] for thing in page["data"]]
            more, after = page["has_more"], seen[-1]
        assert seen == made[::-1]

    def test_finds_by_metadata(self, sandbox: SandboxProcess) -> None:
        for number in ("1", "2"):
            send(
                sandbox, "/v1/payment_intents", amount="500", currency="chf", **{"metadata[attempt]": number}
            )
        query = urlencode({"query": "metadata['attempt']:'2'"})
        (found,) = sandbox.get(f"/v1/payment_intents/search?{query}")["data"]
        assert found["metadata"] == {"attempt": "2"}

    @pytest.mark.parametrize("amount", ["", "0", "49", "-100", "12.5", "1e3", "9" * 30])
    def test_refuses_an_amount_that_is_none(self, sandbox: SandboxProcess, amount: str) -> None:
        assert send(sandbox, "/v1/payment_intents", amount=amount, currency="chf")[0] == 400

    def test_twint_takes_francs_only(self, sandbox: SandboxProcess) -> None:
        types = {"allowed_payment_method_types[0]": "twint"}
        assert send(sandbox, "/v1/payment_intents", amount="500", currency="eur", **types)[0] == 400
        assert send(sandbox, "/v1/payment_intents", amount="500", currency="chf", **types)[0] == 200


def test_keeps_customers_cards_and_charges_over_a_power_cut(sandbox: SandboxProcess, customer: str) -> None:
    means = sandbox.save_card(customer)
    _, intent = charge(sandbox, customer, means)
    before = sandbox.journal()
    sandbox.restart()
    assert sandbox.journal() == before
    assert sandbox.get(f"/v1/payment_intents/{intent['id']}")["status"] == "succeeded"
    assert charge(sandbox, customer, means)[1]["status"] == "succeeded"
    assert [entry["number"] for entry in sandbox.journal()] == [1, 2]
