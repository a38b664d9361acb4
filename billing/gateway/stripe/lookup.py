"""Look at Stripe for what a lost answer left behind, by the metadata that each call carries (BIL-16).

It lists a customer's objects instead of searching: Stripe's search index lags behind by a minute or more,
and a charge overlooked here would be made again.
"""

from collections.abc import Iterator
from datetime import datetime, timedelta

from stripe import StripeClient

from billing.gateway.stripe.results import charge_of, checkout_of, metadata_of, refund_of
from billing.gateway.vocabulary import ChargeResult, ChargeState, RefundResult

MARGIN = timedelta(hours=1)
"""Clocks differ: look this much before the moment the attempt was recorded."""

PREFERENCE = [
    ChargeState.SUCCEEDED,
    ChargeState.PENDING,
    ChargeState.REQUIRES_ACTION,
    ChargeState.UNKNOWN,
    ChargeState.FAILED,
    ChargeState.CANCELED,
]


def find_charge(client: StripeClient, customer: str, attempt: str, *, since: datetime) -> ChargeResult | None:
    """Return the attempt's charge (the one nearest to paid when there are several), or None.

    :raises StripeError: no answer, or not allowed.
    """
    found = charges_of(client, customer, attempt, int((since - MARGIN).timestamp()))
    return min(found, key=lambda result: PREFERENCE.index(result.state), default=None)


def charges_of(client: StripeClient, customer: str, attempt: str, since: int) -> Iterator[ChargeResult]:
    """Yield each checkout of an attempt, and each charge that belongs to none of them."""
    in_checkout = set()
    for session in client.v1.checkout.sessions.list(
        {
            "customer": customer,
            "created": {"gte": since},
            "limit": 100,
            "expand": ["data.payment_intent.payment_method"],
        }
    ).auto_paging_iter():
        # A page for saving a means carries the id of another table's row.
        if session.mode == "payment" and metadata_of(session).get("attempt") == attempt:
            result = checkout_of(session)
            in_checkout.add(result.charge_reference)
            yield result
    for intent in client.v1.payment_intents.list(
        {"customer": customer, "created": {"gte": since}, "limit": 100}
    ).auto_paging_iter():
        if intent.id not in in_checkout and metadata_of(intent).get("attempt") == attempt:
            yield charge_of(intent)


def find_refund(client: StripeClient, charge_reference: str, attempt: str) -> RefundResult | None:
    """Return the refund that carries the id of this row, or None.

    :raises StripeError: no answer, or not allowed.
    """
    refunds = client.v1.refunds.list({"payment_intent": charge_reference, "limit": 100})
    for refund in refunds.auto_paging_iter():
        if metadata_of(refund).get("attempt") == attempt:
            return refund_of(refund)
    return None
