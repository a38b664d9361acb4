"""What the floors above know of a product's future: its charges, its prices, its warranty.

They register in `AppConfig.ready()`; `timeline` puts it together with the plan's days.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date, datetime

from manager.kit.errors import Text
from manager.kit.money import Money
from products.inventory.models import Product


@dataclass(frozen=True, slots=True)
class Notice:
    """Something that the page of a product says at its top, with the way to what is to be done."""

    tone: str
    title: Text
    text: Text
    url: str = ""
    action_label: Text = ""
    remote: bool = False


@dataclass(frozen=True, slots=True)
class Outlook:
    """How a product goes on: the facts that its plan's days do not tell.

    `is_charged` says whether a charge by itself will succeed as far as can be known, `charges_from` the
    next day of the schedule. `is_settled` means that the coming period is paid or billed already. The
    prices are without VAT: of the next period, and of a restore with it. `renewed_on` is the day on which
    the operator renews it at its own risk (PRD-12). `charged_to` names the means, `refusal` says why
    automatic renewal cannot be switched on now and `mending` what would make it possible, as an address
    with its words; `notice` is what went wrong with the last charge.
    """

    is_charged: bool = False
    charges_from: date | None = None
    is_settled: bool = False
    renewal_price: Money | None = None
    restore_price: Money | None = None
    renewed_on: date | None = None
    charged_to: str = ""
    refusal: Text | None = None
    mending: tuple[str, Text] | None = None
    notice: Notice | None = None


OutlookProvider = Callable[[Product, Outlook, datetime], Outlook]
NoticeProvider = Callable[[Product, datetime], list[Notice]]

_outlooks: list[OutlookProvider] = []
_notices: list[NoticeProvider] = []


def register_outlook(provider: OutlookProvider) -> None:
    """Let `provider` complete what is known of a product's future; called once, at start."""
    if provider not in _outlooks:
        _outlooks.append(provider)


def register_notices(provider: NoticeProvider) -> None:
    """Let `provider` say something at the top of a product's page; called once, at start."""
    if provider not in _notices:
        _notices.append(provider)


def find_outlook(product: Product, *, at: datetime) -> Outlook:
    """Return what is known of the product's future at `at`; in its organization's scope."""
    outlook = Outlook(is_charged=product.auto_renew)
    for provider in _outlooks:
        outlook = provider(product, outlook, at)
    return outlook


def list_notices(product: Product, *, at: datetime) -> list[Notice]:
    """Return what the floors above have to say about the product."""
    return [notice for provider in _notices for notice in provider(product, at)]


def with_facts(outlook: Outlook, **facts: object) -> Outlook:
    """Return the outlook with these facts; for providers."""
    return replace(outlook, **facts)  # type: ignore[arg-type]  # the names are checked by `replace`
