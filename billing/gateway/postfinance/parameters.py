"""What we send to PostFinance Checkout."""

from typing import Any

from billing.gateway.vocabulary import ChargeIntent, Origin
from manager.kit.money import Money

LANGUAGES = {"en": "en-US", "fr": "fr-CH", "de": "de-CH", "it": "it-CH", "es": "es-ES"}
NAME_LENGTH = 150

CLOSED = "closed"
"""Mark in the metadata of a transaction whose page nobody shall use any more."""


def charge_mark(attempt_id: int) -> str:
    """Return the merchant's reference of an attempt: by it a transaction is found before one is made."""
    return f"attempt-{attempt_id}"


def setup_mark(setup_id: int) -> str:
    """Return the merchant's reference of a visit that saves a means."""
    return f"setup-{setup_id}"


def refund_mark(refund_id: int) -> str:
    """Return the merchant's reference of a refund."""
    return f"refund-{refund_id}"


def transaction(charge: ChargeIntent) -> dict[str, Any]:
    """Return a transaction over one sum, as one line; our own documents list what it is for."""
    mark = charge_mark(charge.origin.attempt_id)
    return {
        "currency": charge.amount.currency,
        "lineItems": [
            {
                "uniqueId": mark,
                "type": "PRODUCT",
                "name": charge.description[:NAME_LENGTH],
                "quantity": 1,
                "amountIncludingTax": charge.amount.as_decimal(),
            }
        ],
        "merchantReference": mark,
        "customerId": charge.customer_reference,
        "metaData": charge.origin.as_metadata(),
        "autoConfirmationEnabled": True,
        "completionBehavior": "COMPLETE_IMMEDIATELY",
        "emailsDisabled": True,
    }


def page(*, success_url: str, cancel_url: str, language: str) -> dict[str, Any]:
    """Return where the person comes back to, and the language of the page."""
    return {
        "successUrl": success_url,
        "failedUrl": cancel_url,
        "language": LANGUAGES.get(language, LANGUAGES["en"]),
    }


def refund(charge_reference: str, amount: Money, origin: Origin, key: str) -> dict[str, Any]:
    """Return a refund; PostFinance carries out one for each `externalId`, however often it is sent."""
    return {
        "transaction": int(charge_reference),
        "amount": amount.as_decimal(),
        "externalId": key,
        "merchantReference": refund_mark(origin.attempt_id),
        "type": "MERCHANT_INITIATED_ONLINE",
        "metaData": origin.as_metadata(),
    }
