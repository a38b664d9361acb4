"""Stripe's webhooks: signature and age checked, then read into the panel's words (INC-22)."""

import json
from datetime import UTC, datetime
from typing import Any

from stripe import SignatureVerificationError, WebhookSignature

from billing.gateway.errors import WebhookSignatureInvalid, WebhookUnreadable
from billing.gateway.stripe.results import INTENT_STATES, money_of
from billing.gateway.vocabulary import ChargeState, EventKind, GatewayEvent
from manager.kit.money import Money

TOLERANCE_SECONDS = 300

KINDS = {
    "payment_intent.succeeded": EventKind.CHARGE_SUCCEEDED,
    "payment_intent.payment_failed": EventKind.CHARGE_FAILED,
    "payment_intent.requires_action": EventKind.CHARGE_REQUIRES_ACTION,
    "payment_intent.processing": EventKind.CHARGE_PENDING,
    "payment_intent.canceled": EventKind.CHARGE_CANCELED,
    "charge.refunded": EventKind.CHARGE_REFUNDED,
    "refund.updated": EventKind.REFUND_UPDATED,
    "refund.failed": EventKind.REFUND_UPDATED,
    "setup_intent.succeeded": EventKind.MEANS_SAVED,
    "payment_method.automatically_updated": EventKind.MEANS_UPDATED,
    "payment_method.updated": EventKind.MEANS_UPDATED,
    "payment_method.detached": EventKind.MEANS_REMOVED,
    "charge.dispute.created": EventKind.DISPUTE_CHANGED,
    "charge.dispute.updated": EventKind.DISPUTE_CHANGED,
    "charge.dispute.closed": EventKind.DISPUTE_CHANGED,
    "charge.dispute.funds_withdrawn": EventKind.DISPUTE_CHANGED,
    "charge.dispute.funds_reinstated": EventKind.DISPUTE_CHANGED,
}

SESSION_KINDS = {
    ("checkout.session.completed", "payment"): EventKind.CHECKOUT_COMPLETED,
    ("checkout.session.async_payment_succeeded", "payment"): EventKind.CHECKOUT_COMPLETED,
    ("checkout.session.async_payment_failed", "payment"): EventKind.CHARGE_FAILED,
    ("checkout.session.expired", "payment"): EventKind.CHECKOUT_EXPIRED,
    ("checkout.session.completed", "setup"): EventKind.SETUP_COMPLETED,
    ("checkout.session.expired", "setup"): EventKind.SETUP_EXPIRED,
}


def parse(*, payload: bytes, signature: str, secrets: str) -> GatewayEvent:
    """Check a webhook against the secret and read it.

    Two secrets, separated by a comma, are both good while one replaces the other.

    :raises WebhookSignatureInvalid: missing, wrong or old signature, or no secret is set.
    :raises WebhookUnreadable: signed, but not an event.
    """
    if not any(is_signed(payload, signature, secret.strip()) for secret in secrets.split(",")):
        raise WebhookSignatureInvalid
    try:
        return event_of(json.loads(payload))
    except (ValueError, KeyError, TypeError, AttributeError, OverflowError, RecursionError) as error:
        raise WebhookUnreadable from error


def is_signed(payload: bytes, signature: str, secret: str) -> bool:
    """Return whether the payload carries a valid signature of at most five minutes ago."""
    try:
        return bool(WebhookSignature.verify_header(payload, signature, secret, TOLERANCE_SECONDS))
    except (SignatureVerificationError, ValueError, TypeError):
        # Bytes that are no text and signatures that are no ASCII are as wrong as a wrong signature.
        return False


def event_of(body: dict[str, Any]) -> GatewayEvent:
    """Return a decoded event in the panel's words."""
    if not isinstance(body["id"], str) or not isinstance(body["type"], str):
        raise TypeError("An event is known by its id and type.")
    thing = body["data"]["object"]
    kind = KINDS.get(body["type"]) or SESSION_KINDS.get((body["type"], thing.get("mode"))) or EventKind.OTHER
    return GatewayEvent(
        id=body["id"],
        kind=kind,
        type=body["type"],
        created=datetime.fromtimestamp(body["created"], tz=UTC),
        reference=str(thing.get("id") or ""),
        api_version=body.get("api_version") or "",
        charge_reference=charge_reference_of(thing),
        means_reference=means_reference_of(thing),
        metadata={str(key): str(value) for key, value in (thing.get("metadata") or {}).items()},
        amount=amount_of(thing),
        state=state_of(thing),
    )


def charge_reference_of(thing: dict[str, Any]) -> str:
    """Return the payment intent that an object is, or belongs to."""
    if thing.get("object") == "payment_intent":
        return str(thing["id"])
    intent = thing.get("payment_intent")
    return intent if isinstance(intent, str) else ""


def means_reference_of(thing: dict[str, Any]) -> str:
    """Return the payment method that an object is, or was paid with."""
    if thing.get("object") == "payment_method":
        return str(thing["id"])
    method = thing.get("payment_method")
    return method if isinstance(method, str) else ""


def amount_of(thing: dict[str, Any]) -> Money | None:
    """Return the money an object speaks of: received, paid in a checkout, or refunded so far."""
    field = {
        "payment_intent": "amount_received" if thing.get("status") == "succeeded" else "amount",
        "checkout.session": "amount_total",
        "charge": "amount_refunded",
        "refund": "amount",
    }.get(thing.get("object", ""))
    if field is None or thing.get(field) is None or not thing.get("currency"):
        return None
    return money_of(thing[field], thing["currency"])


def state_of(thing: dict[str, Any]) -> ChargeState | None:
    """Return the state that a payment intent had when the event was made."""
    if thing.get("object") != "payment_intent":
        return None
    return INTENT_STATES.get(thing.get("status", ""))
