"""What we send to Stripe, typed by the library's own parameter classes."""

from stripe.params import CustomerCreateParams, PaymentIntentCreateParams, RefundCreateParams
from stripe.params.checkout import SessionCreateParams

from billing.gateway.vocabulary import ChargeIntent, MeansKind, Origin
from manager.kit.money import Money

KINDS_BY_CURRENCY: dict[str, tuple[MeansKind, ...]] = {
    "CHF": (MeansKind.CARD, MeansKind.TWINT, MeansKind.PAYPAL),
    "EUR": (MeansKind.CARD, MeansKind.PAYPAL),
}
LANGUAGES = frozenset({"en", "fr", "de", "it", "es"})
DESCRIPTION_LENGTH = 250


def customer(organization_id: int, *, name: str, email: str, language: str) -> CustomerCreateParams:
    """Return the parameters of a customer: one per organization."""
    return {
        "name": name[:DESCRIPTION_LENGTH],
        "email": email,
        "preferred_locales": [language],
        "metadata": {"organization": str(organization_id)},
    }


def checkout(charge: ChargeIntent, *, kinds: list[str], save_means: bool) -> SessionCreateParams:
    """Return the parameters of a page to pay one sum, as one line; our own documents list what it is for."""
    metadata = charge.origin.as_metadata()
    params: SessionCreateParams = {
        "mode": "payment",
        "customer": charge.customer_reference,
        "client_reference_id": metadata["attempt"],
        "metadata": metadata,
        "allowed_payment_method_types": kinds,
        "line_items": [
            {
                "quantity": 1,
                "price_data": {
                    "currency": charge.amount.currency.lower(),
                    "unit_amount": charge.amount.amount,
                    "product_data": {"name": charge.description[:DESCRIPTION_LENGTH]},
                },
            }
        ],
        "payment_intent_data": {
            "description": charge.description[:DESCRIPTION_LENGTH],
            "metadata": metadata,
        },
    }
    if save_means:
        params["payment_intent_data"]["setup_future_usage"] = "off_session"
    return params


def setup(customer_reference: str, origin: Origin, *, kinds: list[str], currency: str) -> SessionCreateParams:
    """Return the parameters of a page to save a means."""
    metadata = origin.as_metadata()
    return {
        "mode": "setup",
        "customer": customer_reference,
        "client_reference_id": metadata["attempt"],
        "metadata": metadata,
        "currency": currency.lower(),
        "allowed_payment_method_types": kinds,
        "setup_intent_data": {"metadata": metadata},
    }


def page(*, success_url: str, cancel_url: str, language: str) -> SessionCreateParams:
    """Return the parameters that both kinds of pages share."""
    return {
        "success_url": success_url,
        "cancel_url": cancel_url,
        "locale": language if language in LANGUAGES else "auto",
    }


def charge(
    charge: ChargeIntent, means_reference: str, means_kind: MeansKind, *, return_url: str
) -> PaymentIntentCreateParams:
    """Return the parameters of a charge of a saved means; without `return_url` the person is not there."""
    params: PaymentIntentCreateParams = {
        "amount": charge.amount.amount,
        "currency": charge.amount.currency.lower(),
        "customer": charge.customer_reference,
        "payment_method": means_reference,
        "allowed_payment_method_types": [means_kind.value],
        "confirm": True,
        "description": charge.description[:DESCRIPTION_LENGTH],
        "metadata": charge.origin.as_metadata(),
    }
    if return_url:
        params["return_url"] = return_url
    else:
        params["off_session"] = True
    return params


def refund(charge_reference: str, amount: Money, origin: Origin) -> RefundCreateParams:
    """Return the parameters of a refund of a part or all of a charge."""
    return {
        "payment_intent": charge_reference,
        "amount": amount.amount,
        "reason": "requested_by_customer",
        "metadata": origin.as_metadata(),
    }
