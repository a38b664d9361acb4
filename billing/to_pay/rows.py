"""The rows of *To pay*: a product with the periods it can be renewed by, an invoice that waits (BIL-2)."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from django.utils.translation import ngettext

from billing.invoices.models import Invoice
from billing.invoices.status import InvoiceStatus
from manager.kit.errors import Text
from manager.kit.money import Money
from products.catalog.pricing import PricedPart, sum_of
from products.inventory.models import Product
from products.inventory.services import next_period


@dataclass(frozen=True, slots=True)
class PeriodOption:
    """One period that a product can be renewed by, with what all its units and options cost."""

    months: int
    label: str
    parts: tuple[PricedPart, ...]

    @property
    def net(self) -> Money:
        """The sum of the parts, without VAT."""
        return sum_of(self.parts)


@dataclass(frozen=True, slots=True)
class DueProduct:
    """A product that can be renewed, the periods offered and the one chosen; `extras` are its options.

    `offer` tells its plan and its options in words, as the price is that of both. `ends_on`
    follows from the period: a renewal adds to the days that are paid already. `lateness` says why automatic
    renewal cannot be switched on before it is renewed.
    """

    product: Product
    offer: str
    extras: Mapping[str, int]
    options: tuple[PeriodOption, ...]
    chosen: PeriodOption | None
    is_selected: bool
    is_overdue: bool
    lateness: Text | None = None

    @property
    def net(self) -> Money | None:
        """What the chosen period costs, without VAT."""
        return self.chosen.net if self.chosen else None

    @property
    def choices(self) -> list[tuple[int, str]]:
        """The periods as choices of a field."""
        return [(option.months, option.label) for option in self.options]

    @property
    def ends_on(self) -> date | None:
        """The expiry that the chosen period leads to."""
        return next_period(product=self.product, months=self.chosen.months)[1] if self.chosen else None

    @property
    def token(self) -> str:
        """The row and its period as an address carries them."""
        return f"{self.product.pk}.{self.chosen.months}" if self.chosen else ""


@dataclass(frozen=True, slots=True)
class DueInvoice:
    """An invoice that waits for its payment; `alone` says why it cannot be paid together with others."""

    invoice: Invoice
    text: str
    is_selected: bool
    is_overdue: bool
    alone: Text | None

    @property
    def net(self) -> Money:
        """Its sum without VAT."""
        return self.invoice.net

    @property
    def is_numbered(self) -> bool:
        """Whether it is issued: it cannot change any more."""
        return self.invoice.status == InvoiceStatus.OPEN

    @property
    def token(self) -> str:
        """The row as an address carries it."""
        return f"i{self.invoice.pk}"


Row = DueProduct | DueInvoice


@dataclass(frozen=True, slots=True)
class Sums:
    """What the selection comes to: the same function and lines as those of its invoice."""

    net: Money
    tax: Money
    total: Money


def period_label(months: int) -> str:
    """Return a period in words: `1 month`, `2 years`."""
    if months % 12 == 0:
        return ngettext("%(count)d year", "%(count)d years", months // 12) % {"count": months // 12}
    return ngettext("%(count)d month", "%(count)d months", months) % {"count": months}
