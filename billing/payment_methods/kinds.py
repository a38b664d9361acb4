"""The kinds of means that can be added, as pages and forms show them."""

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from billing.gateway.registry import offered_kinds
from billing.gateway.vocabulary import MeansKind

ICONS = {
    "card": "credit-card",
    "twint": "smartphone",
    "paypal": "wallet",
    "postfinance": "landmark",
    "prepaid": "piggy-bank",
    "transfer": "arrow-right-left",
}
TITLES: dict[str, Promise] = {
    MeansKind.CARD: _("New card"),
    MeansKind.TWINT: _("TWINT"),
    MeansKind.PAYPAL: _("PayPal"),
    MeansKind.POSTFINANCE: _("PostFinance"),
}
DESCRIPTIONS: dict[str, Promise] = {
    MeansKind.CARD: _("Visa, Mastercard and others. You enter it on the page of the payment service."),
    MeansKind.TWINT: _("Approve once in the app; later renewals need no new scan."),
    MeansKind.PAYPAL: _("Sign in to PayPal and approve."),
    MeansKind.POSTFINANCE: _("PostFinance Card or e-finance, on the page of PostFinance."),
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
        for kind in offered_kinds(currency=currency)
    ]
