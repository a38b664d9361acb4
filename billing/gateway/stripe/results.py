"""Stripe's objects read into the panel's words."""

from datetime import UTC, datetime
from typing import Any

from stripe import PaymentIntent, PaymentMethod, Refund
from stripe.checkout import Session

from billing.gateway.declines import failure_for
from billing.gateway.errors import GatewayRefused
from billing.gateway.vocabulary import (
    ChargeResult,
    ChargeState,
    CheckoutStart,
    Failure,
    FailureKind,
    Means,
    MeansKind,
    RefundResult,
    RefundState,
    SetupResult,
)
from manager.kit.money import Money

INTENT_STATES = {
    "succeeded": ChargeState.SUCCEEDED,
    "processing": ChargeState.PENDING,
    "requires_capture": ChargeState.PENDING,
    "requires_action": ChargeState.REQUIRES_ACTION,
    "requires_confirmation": ChargeState.REQUIRES_ACTION,
    "requires_payment_method": ChargeState.FAILED,
    "canceled": ChargeState.CANCELED,
}

REFUND_STATES = {
    "succeeded": RefundState.SUCCEEDED,
    "pending": RefundState.PENDING,
    "requires_action": RefundState.PENDING,
    "failed": RefundState.FAILED,
    "canceled": RefundState.FAILED,
}


def money_of(amount: int, currency: str) -> Money:
    """Return Stripe's amount (minor units, lower-case code) as Money."""
    return Money(amount, currency.upper())


def reference_of(value: Any) -> str:
    """Return the id of a field that may hold an id, the whole object or nothing."""
    if value is None or isinstance(value, str):
        return value or ""
    return str(value.id)


def metadata_of(thing: Any) -> dict[str, str]:
    """Return the metadata of an object as plain text by key."""
    metadata = getattr(thing, "metadata", None)
    return dict(metadata.to_dict()) if metadata is not None else {}


def failure_of(problem: Any) -> Failure:
    """Return our failure for Stripe's `last_payment_error` or `last_setup_error`."""
    code = getattr(problem, "decline_code", None) or getattr(problem, "code", None) or "declined"
    return failure_for(code=code, advice=getattr(problem, "advice_code", None) or "")


def charge_of(intent: PaymentIntent) -> ChargeResult:
    """Return the state of a payment intent."""
    state = INTENT_STATES.get(intent.status, ChargeState.UNKNOWN)
    failure = None
    if state is ChargeState.FAILED and intent.last_payment_error is None:
        state = ChargeState.REQUIRES_ACTION
    elif state is ChargeState.FAILED:
        failure = failure_of(intent.last_payment_error)
        if failure.message_key == "approval_needed" and failure.kind is FailureKind.AUTHENTICATION:
            # Refused only because nobody was there to approve: the same intent can still be confirmed.
            state = ChargeState.REQUIRES_ACTION
    paid = intent.amount_received if state is ChargeState.SUCCEEDED else intent.amount
    return ChargeResult(
        state=state,
        reference=intent.id,
        charge_reference=intent.id,
        amount=money_of(paid, intent.currency),
        means_reference=reference_of(intent.payment_method),
        means_country=card_country_of(intent.payment_method),
        action_url=action_url_of(intent) if state is ChargeState.REQUIRES_ACTION else "",
        failure=failure,
        trouble="provider_error" if state is ChargeState.UNKNOWN else "",
    )


def action_url_of(intent: PaymentIntent) -> str:
    """Return where the person approves, or "" when nothing is asked."""
    action = intent.next_action
    redirect = getattr(action, "redirect_to_url", None)
    return (redirect.url or "") if redirect is not None else ""


def checkout_of(session: Session) -> ChargeResult:
    """Return the state of a checkout whose `payment_intent.payment_method` is expanded.

    While the page is open the person can still pay there, whatever was declined before.
    """
    intent = session.payment_intent if isinstance(session.payment_intent, PaymentIntent) else None
    charge = charge_of(intent) if intent is not None else None
    settled = charge is not None and charge.state in (ChargeState.SUCCEEDED, ChargeState.PENDING)
    if charge is not None and (settled or session.status == "complete"):
        state = charge.state
    else:
        state = {
            "open": ChargeState.REQUIRES_ACTION,
            "complete": ChargeState.PENDING,
            "expired": ChargeState.CANCELED,
        }.get(session.status or "", ChargeState.UNKNOWN)
    return ChargeResult(
        state=state,
        reference=session.id,
        charge_reference=charge.charge_reference if charge is not None else "",
        amount=charge.amount if charge is not None and settled else session_amount(session),
        means_reference=charge.means_reference if charge is not None and settled else "",
        means_country=charge.means_country if charge is not None and settled else "",
        action_url=(session.url or "") if state is ChargeState.REQUIRES_ACTION else "",
        failure=charge.failure if charge is not None and state is ChargeState.FAILED else None,
        trouble="provider_error" if state is ChargeState.UNKNOWN else "",
    )


def session_amount(session: Session) -> Money | None:
    """Return what a checkout asks for."""
    if session.amount_total is None or session.currency is None:
        return None
    return money_of(session.amount_total, session.currency)


def start_of(session: Session) -> CheckoutStart:
    """Return where to send the person.

    :raises GatewayRefused: the page is closed already, as on a repeated call after it was used.
    """
    if not session.url:
        raise GatewayRefused(provider_code=f"checkout_{session.status}")
    return CheckoutStart(
        reference=session.id,
        redirect_url=session.url,
        expires_at=datetime.fromtimestamp(session.expires_at, tz=UTC),
    )


def setup_of(session: Session) -> SetupResult:
    """Return the state of saving a means; `setup_intent.payment_method` has to be expanded."""
    state = {
        "open": ChargeState.REQUIRES_ACTION,
        "complete": ChargeState.SUCCEEDED,
        "expired": ChargeState.CANCELED,
    }.get(session.status or "", ChargeState.UNKNOWN)
    intent = session.setup_intent
    method = intent.payment_method if intent is not None and not isinstance(intent, str) else None
    means = means_of(method) if isinstance(method, PaymentMethod) else None
    if state is ChargeState.SUCCEEDED and means is None:
        state = ChargeState.PENDING
    return SetupResult(
        state=state,
        reference=session.id,
        means=means if state is ChargeState.SUCCEEDED else None,
        trouble="provider_error" if state is ChargeState.UNKNOWN else "",
    )


def card_country_of(method: Any) -> str:
    """Return where a card was issued; "" for other means, or where only the id of the means is there."""
    card = getattr(method, "card", None)
    return (getattr(card, "country", None) or "")[:2].upper()


def means_of(method: PaymentMethod) -> Means:
    """Return a saved means.

    :raises GatewayRefused: a kind that the panel does not know.
    """
    try:
        kind = MeansKind(method.type)
    except ValueError as error:
        raise GatewayRefused(provider_code="means_kind_unknown", kind=method.type) from error
    card = method.card if kind is MeansKind.CARD else None
    paypal = method.paypal if kind is MeansKind.PAYPAL else None
    return Means(
        reference=method.id,
        kind=kind,
        customer_reference=reference_of(method.customer),
        brand=card.brand if card is not None else "",
        last4=(card.last4 or "") if card is not None else "",
        exp_month=card.exp_month if card is not None else None,
        exp_year=card.exp_year if card is not None else None,
        email=(paypal.payer_email or "") if paypal is not None else "",
        fingerprint=(card.fingerprint or "") if card is not None else "",
        country=card_country_of(method),
    )


def refund_of(refund: Refund) -> RefundResult:
    """Return the state of a refund."""
    state = REFUND_STATES.get(refund.status or "", RefundState.UNKNOWN)
    return RefundResult(
        state=state,
        reference=refund.id,
        amount=money_of(refund.amount, refund.currency),
        failure_code=(getattr(refund, "failure_reason", None) or "") if state is RefundState.FAILED else "",
        trouble="provider_error" if state is RefundState.UNKNOWN else "",
    )
