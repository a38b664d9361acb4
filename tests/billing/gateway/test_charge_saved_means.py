"""Charges of a saved means: paid, declined softly or hard, or waiting for the person (BIL-10, BIL-11)."""

from concurrent.futures import ThreadPoolExecutor

import pytest

from billing.gateway.declines import message_for
from billing.gateway.errors import GatewayMisconfigured, GatewayRefused
from billing.gateway.protocol import ChargeState, FailureKind
from billing.gateway.stripe.client import StripeOptions
from billing.gateway.stripe.driver import StripeGateway
from manager.kit.money import Money
from tests.billing.gateway.conftest import Desk

RETURN = "https://panel.test/back"


def test_takes_the_money(desk: Desk) -> None:
    result = desk.charge(desk.save_card())
    assert (result.state, result.amount) == (ChargeState.SUCCEEDED, Money(2000, "CHF"))
    assert (result.failure, result.trouble, result.action_url) == (None, "", "")
    (entry,) = desk.sandbox.charges()
    assert entry["payment_intent"] == result.reference == result.charge_reference
    assert entry["off_session"] is True
    assert desk.gateway.retrieve(reference=result.reference) == result


@pytest.mark.parametrize(
    ("reason", "kind", "message_key"),
    [
        ("generic_decline", FailureKind.SOFT, "declined"),
        ("insufficient_funds", FailureKind.SOFT, "insufficient_funds"),
        ("processing_error", FailureKind.SOFT, "try_later"),
        ("lost_card", FailureKind.HARD, "card_blocked"),
        ("stolen_card", FailureKind.HARD, "card_blocked"),
        ("expired_card", FailureKind.HARD, "card_expired"),
        ("mandate_invalid", FailureKind.HARD, "permission_withdrawn"),
    ],
)
def test_tells_soft_from_hard_declines(desk: Desk, reason: str, kind: FailureKind, message_key: str) -> None:
    means = desk.save_card()
    desk.sandbox.set_means(means, behaviour=f"decline:{reason}")
    result = desk.charge(means)
    assert result.state is ChargeState.FAILED
    assert result.failure is not None
    assert (result.failure.kind, result.failure.code) == (kind, reason)
    assert result.failure.message_key == message_key
    assert str(message_for(message_key))
    assert desk.gateway.retrieve(reference=result.reference) == result
    assert desk.sandbox.charges() == []


def test_a_means_that_is_gone_fails_hard(desk: Desk) -> None:
    means = desk.save_card()
    desk.gateway.detach_means(means_reference=means, idempotency_key=desk.key())
    for reference in (means, "pm_never_existed"):
        result = desk.charge(reference)
        assert result.state is ChargeState.FAILED
        assert result.failure is not None
        assert (result.failure.kind, result.failure.message_key) == (FailureKind.HARD, "means_invalid")


def test_an_amount_too_small_fails_hard(desk: Desk) -> None:
    result = desk.charge(desk.save_card(), charge=desk.intent(amount=Money(10, "CHF")))
    assert result.failure is not None
    assert (result.failure.kind, result.failure.message_key) == (FailureKind.HARD, "amount_too_small")


def test_our_own_mistake_is_no_decline(desk: Desk) -> None:
    with pytest.raises(GatewayRefused):
        desk.charge(desk.save_card(), charge=desk.intent(amount=Money(2000, "CH")))
    assert desk.sandbox.journal() == []


def test_a_wrong_key_of_ours_is_no_decline(desk: Desk) -> None:
    options = StripeOptions(api_key="wrong", api_base=desk.sandbox.url)
    stranger = Desk(StripeGateway(name="stripe", options=options), desk.sandbox, desk.customer)
    with pytest.raises(GatewayMisconfigured):
        stranger.charge("pm_card_visa")


def test_fifty_workers_with_one_row_charge_once(desk: Desk) -> None:
    """BIL-16: a repeated call is answered from the first, or told that it still runs."""
    means, charge = desk.save_card(), desk.intent()
    with ThreadPoolExecutor(50) as pool:
        calls = [pool.submit(desk.charge, means, charge=charge, idempotency_key="row-1") for _ in range(50)]
    results = [call.result() for call in calls]
    assert {result.state for result in results} <= {ChargeState.SUCCEEDED, ChargeState.UNKNOWN}
    assert {result.trouble for result in results if result.state is ChargeState.UNKNOWN} <= {"in_use"}
    assert len({result.reference for result in results if result.state is ChargeState.SUCCEEDED}) == 1
    assert len(desk.sandbox.charges()) == 1


class TestApproval:
    """Cards whose bank asks the person (SCA)."""

    def test_waits_for_the_person_and_confirms_the_same_charge(self, desk: Desk) -> None:
        means = desk.save_card("pm_card_authenticationRequired")
        waiting = desk.charge(means)
        assert (waiting.state, waiting.action_url) == (ChargeState.REQUIRES_ACTION, "")
        assert waiting.failure is not None
        assert waiting.failure.kind is FailureKind.AUTHENTICATION
        assert desk.gateway.retrieve(reference=waiting.reference) == waiting
        confirmed = desk.gateway.confirm_on_session(
            reference=waiting.reference, means_reference=means, return_url=RETURN, idempotency_key=desk.key()
        )
        assert confirmed.reference == waiting.reference
        assert confirmed.state is ChargeState.REQUIRES_ACTION
        desk.sandbox.submit(confirmed.action_url, {"decision": "approve"})
        assert desk.gateway.retrieve(reference=waiting.reference).state is ChargeState.SUCCEEDED
        assert len(desk.sandbox.charges()) == 1

    def test_confirming_a_paid_charge_changes_nothing(self, desk: Desk) -> None:
        means = desk.save_card()
        paid = desk.charge(means)
        again = desk.gateway.confirm_on_session(
            reference=paid.reference, means_reference=means, return_url=RETURN, idempotency_key=desk.key()
        )
        assert again == paid
        assert len(desk.sandbox.charges()) == 1

    def test_a_refusal_fails_and_can_be_tried_again(self, desk: Desk) -> None:
        means = desk.save_card("pm_card_authenticationRequired")
        result = desk.charge(means, return_url=RETURN)
        desk.sandbox.submit(result.action_url, {"decision": "refuse"})
        refused = desk.gateway.retrieve(reference=result.reference)
        assert refused.state is ChargeState.FAILED
        assert refused.failure is not None
        assert refused.failure.kind is FailureKind.AUTHENTICATION
        assert refused.failure.message_key == "approval_refused"
        again = desk.gateway.confirm_on_session(
            reference=result.reference, means_reference=means, return_url=RETURN, idempotency_key=desk.key()
        )
        assert again.action_url

    def test_the_person_pays_with_a_saved_card_at_once(self, desk: Desk) -> None:
        result = desk.charge(desk.save_card(), return_url=RETURN)
        assert result.state is ChargeState.SUCCEEDED
        assert desk.sandbox.charges()[0]["off_session"] is False

    def test_a_card_approved_when_saved_needs_no_person(self, desk: Desk) -> None:
        means = desk.save_card("pm_card_authenticationRequiredOnSetup")
        assert desk.charge(means).state is ChargeState.SUCCEEDED


def test_a_charge_that_the_bank_still_works_on_is_pending(desk: Desk) -> None:
    means = desk.save_card()
    desk.sandbox.set_means(means, behaviour="processing")
    result = desk.charge(means)
    assert result.state is ChargeState.PENDING
    desk.sandbox.settle(result.reference, decline="insufficient_funds")
    assert desk.gateway.retrieve(reference=result.reference).state is ChargeState.FAILED
