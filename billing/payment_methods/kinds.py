"""The kinds of means that can be added, as pages and forms show them."""

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from billing.gateway.registry import default_gateway
from billing.gateway.vocabulary import MeansKind

ICONS = {"card": "credit-card", "twint": "smartphone", "paypal": "wallet", "prepaid": "piggy-bank"}
TITLES: dict[str, Promise] = {
    MeansKind.CARD: _("New card"),
    MeansKind.TWINT: _("TWINT"),
    MeansKind.PAYPAL: _("PayPal"),
}
DESCRIPTIONS: dict[str, Promise] = {
    MeansKind.CARD: _("Visa, Mastercard and others. You enter it on the page of the payment service."),
    MeansKind.TWINT: _("Approve once in the app; later renewals need no new scan."),
    MeansKind.PAYPAL: _("Sign in to PayPal and approve."),
}


@dataclass(frozen=True, slots=True)
class NewKind:
    """A kind of means that the provider takes in this currency."""

    value: str
    title: str
    description: str
    icon: str


def new_kinds(*, currency: str) -> list[NewKind]:
    """Return the kinds that can be added for payments in `currency`."""
    return [
        NewKind(kind.value, str(TITLES[kind]), str(DESCRIPTIONS[kind]), ICONS[kind])
        for kind in default_gateway().kinds_for(currency=currency)
    ]
