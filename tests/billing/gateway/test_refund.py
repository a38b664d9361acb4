"""Refunds to the means used (BIL-14)."""

from typing import Any

import pytest

from billing.gateway.protocol import RefundState
from manager.kit.money import Money
from tests.billing.gateway.conftest import Desk


def refund(desk: Desk, charge: str, amount: int, attempt_id: int, key: str = "") -> Any:
    return desk.gateway.refund(
        charge_reference=charge,
        amount=Money(amount, "CHF"),
        origin=desk.origin(attempt_id),
        idempotency_key=key or desk.key(),
    )


@pytest.fixture
def paid(desk: Desk) -> str:
    return str(desk.charge(desk.save_card()).charge_reference)


def test_gives_back_in_parts(desk: Desk, paid: str) -> None:
    first = refund(desk, paid, 500, 1)
    assert (first.state, first.amount) == (RefundState.SUCCEEDED, Money(500, "CHF"))
    assert refund(desk, paid, 1500, 2).state is RefundState.SUCCEEDED
    assert [entry["amount"] for entry in desk.sandbox.journal("refund")] == [500, 1500]
    assert desk.gateway.find_refund(charge_reference=paid, attempt_id=1) == first


def test_never_more_than_was_paid(desk: Desk, paid: str) -> None:
    assert refund(desk, paid, 2001, 1).state is RefundState.FAILED
    refund(desk, paid, 2000, 2)
    last = refund(desk, paid, 1, 3)
    assert (last.state, last.failure_code) == (RefundState.FAILED, "charge_already_refunded")


def test_a_page_is_refunded_by_its_charge(desk: Desk) -> None:
    start = desk.checkout()
    desk.sandbox.pay_checkout(start.redirect_url, method="twint")
    charge = desk.gateway.retrieve(reference=start.reference).charge_reference
    assert refund(desk, charge, 2000, 1).state is RefundState.SUCCEEDED


def test_a_lost_answer_is_found_before_it_is_sent_again(desk: Desk, paid: str) -> None:
    desk.sandbox.faults({"kind": "answer_lost_after_success", "match": {"path": "/v1/refunds"}})
    lost = refund(desk, paid, 500, 8, "row-8")
    assert (lost.state, lost.trouble) == (RefundState.UNKNOWN, "no_answer")
    found = desk.gateway.find_refund(charge_reference=paid, attempt_id=8)
    assert found is not None
    assert (found.state, found.amount) == (RefundState.SUCCEEDED, Money(500, "CHF"))
    assert refund(desk, paid, 500, 8, "row-8") == found
    assert len(desk.sandbox.journal("refund")) == 1


def test_one_that_never_arrived_is_none(desk: Desk, paid: str) -> None:
    desk.sandbox.faults({"kind": "error_500_before", "match": {"path": "/v1/refunds"}})
    assert refund(desk, paid, 500, 8).state is RefundState.UNKNOWN
    assert desk.gateway.find_refund(charge_reference=paid, attempt_id=8) is None
