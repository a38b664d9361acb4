"""Answers of Stripe that the sandbox does not give by itself are read right, too."""

from typing import Any

import pytest
from stripe import PaymentIntent, PaymentMethod
from stripe.checkout import Session

from billing.gateway.errors import GatewayRefused
from billing.gateway.protocol import ChargeState
from billing.gateway.stripe.results import charge_of, checkout_of, means_of
from manager.kit.money import Money


def intent(**change: Any) -> PaymentIntent:
    values = {
        "id": "pi_1",
        "object": "payment_intent",
        "status": "succeeded",
        "amount": 2000,
        "amount_received": 2000,
        "currency": "chf",
        "last_payment_error": None,
        "next_action": None,
        "payment_method": "pm_1",
    }
    return PaymentIntent.construct_from({**values, **change}, "sk_test_1")


def session(**change: Any) -> Session:
    values = {
        "id": "cs_1",
        "object": "checkout.session",
        "status": "open",
        "url": "https://checkout.stripe.com/c/1",
        "payment_intent": None,
        "amount_total": 2000,
        "currency": "chf",
    }
    return Session.construct_from({**values, **change}, "sk_test_1")


def test_what_was_received_counts_not_what_was_asked() -> None:
    """Taking the sum asked for would settle an invoice that was paid in part."""
    assert charge_of(intent(amount_received=1500)).amount == Money(1500, "CHF")


def test_a_status_of_tomorrow_is_unknown() -> None:
    result = charge_of(intent(status="requires_moonlight"))
    assert (result.state, result.trouble) == (ChargeState.UNKNOWN, "provider_error")


def test_an_action_without_an_address_has_none() -> None:
    result = charge_of(intent(status="requires_action", next_action={"type": "use_stripe_sdk"}))
    assert (result.state, result.action_url) == (ChargeState.REQUIRES_ACTION, "")


@pytest.mark.parametrize(
    ("status", "state"),
    [
        ("open", ChargeState.REQUIRES_ACTION),
        ("expired", ChargeState.CANCELED),
        ("complete", ChargeState.PENDING),
        ("frozen", ChargeState.UNKNOWN),
    ],
)
def test_a_page_without_a_payment(status: str, state: ChargeState) -> None:
    assert checkout_of(session(status=status)).state is state


def test_a_page_that_expired_after_a_decline_is_closed() -> None:
    """Stripe leaves the declined intent as it is; nobody can pay it any more."""
    error = {"code": "card_declined", "decline_code": "generic_decline"}
    declined = intent(status="requires_payment_method", last_payment_error=error)
    result = checkout_of(session(status="expired", url=None, payment_intent=declined.to_dict()))
    assert (result.state, result.failure) == (ChargeState.CANCELED, None)


def test_a_payment_counts_even_where_the_page_still_says_open() -> None:
    result = checkout_of(session(payment_intent=intent().to_dict()))
    assert (result.state, result.charge_reference) == (ChargeState.SUCCEEDED, "pi_1")


def test_a_bank_that_works_on_it_is_pending() -> None:
    working = intent(status="processing").to_dict()
    assert checkout_of(session(status="complete", payment_intent=working)).state is ChargeState.PENDING


def test_a_kind_that_the_panel_does_not_know_is_refused() -> None:
    method = PaymentMethod.construct_from({"id": "pm_1", "type": "klarna", "customer": None}, "sk_test_1")
    with pytest.raises(GatewayRefused):
        means_of(method)
