"""What is to be paid: products that come to their end and invoices that wait (BIL-2)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from django.utils.translation import ngettext

from billing.invoices.lines import renewal_lines
from billing.invoices.models import Invoice
from billing.invoices.selectors import list_payable
from billing.invoices.status import InvoiceStatus
from billing.payments.selectors import list_due_products
from billing.profiles.selectors import default_address, default_entity
from billing.tax.quote import LineInput, Quote, quote
from manager.kit.fields import PERIOD_MONTHS
from manager.kit.keyset import Page, SortKey, paginate
from manager.kit.money import Money
from organizations.profile.models import Organization
from products.catalog.price_book import read_price_book
from products.catalog.pricing import PriceBook, PricedPart, find_parts, sum_of
from products.inventory.models import EXPIRY_ORDER, Product
from products.inventory.option_labels import describe_options
from products.inventory.selectors import find_options
from products.inventory.services import next_period

PAGE_SIZE = 50
BY_EXPIRY = SortKey(
    EXPIRY_ORDER, value=lambda product: product.expires_on.isoformat(), parse=date.fromisoformat
)


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

    `offer` tells its plan and its options in words, as the price is that of both.
    """

    product: Product
    offer: str
    extras: Mapping[str, int]
    options: tuple[PeriodOption, ...]
    chosen: PeriodOption | None
    is_selected: bool
    is_overdue: bool

    @property
    def choices(self) -> list[tuple[int, str]]:
        """The periods as choices of a field."""
        return [(option.months, option.label) for option in self.options]


@dataclass(frozen=True, slots=True)
class DueInvoice:
    """An invoice that waits for its payment. A numbered one is paid on its own, as it cannot change."""

    invoice: Invoice
    text: str
    is_selected: bool
    is_numbered: bool
    is_overdue: bool


@dataclass(frozen=True, slots=True)
class ToPay:
    """The page: rows, and what the selected ones come to."""

    products: list[DueProduct]
    invoices: list[DueInvoice]
    page: Page[Product]
    quote: Quote | None
    total: Money
    tax: Money
    net: Money

    @property
    def selected(self) -> int:
        """How many rows are selected."""
        return sum(row.is_selected for row in self.products) + sum(row.is_selected for row in self.invoices)


def period_label(months: int) -> str:
    """Return a period in words: `1 month`, `2 years`."""
    if months % 12 == 0:
        return ngettext("%(count)d year", "%(count)d years", months // 12) % {"count": months // 12}
    return ngettext("%(count)d month", "%(count)d months", months) % {"count": months}


def build_to_pay(
    *,
    organization: Organization,
    today: date,
    until: date | None,
    search: str = "",
    months: Mapping[int, int] | None = None,
    product_ids: frozenset[int] = frozenset(),
    invoice_ids: frozenset[int] = frozenset(),
    after: str = "",
    before: str = "",
) -> ToPay:
    """Return what is due up to `until` (all when None), with prices of `today` and the sum of the selected.

    `months` are the periods chosen by product id; a product without a choice renews as before.
    """
    found = list_due_products(organization=organization, until=until)
    if search:
        found = found.filter(name__icontains=search)
    page = paginate(found, key=BY_EXPIRY, after=after, before=before, size=PAGE_SIZE)
    book = read_price_book(
        plans={product.plan for product in page.rows}, currency=organization.currency, on=today
    )
    extras = find_options(page.rows)
    products = [
        _due_product(
            product,
            extras=extras[product.pk],
            book=book,
            wanted=(months or {}).get(product.pk, product.months),
            is_selected=product.pk in product_ids,
            today=today,
        )
        for product in page.rows
    ]
    invoices = _due_invoices(organization, today, search, invoice_ids)
    lines = _lines(organization, book, products)
    return _with_sums(organization, today=today, products=products, invoices=invoices, page=page, lines=lines)


def _due_product(
    product: Product,
    *,
    extras: Mapping[str, int],
    book: PriceBook,
    wanted: int,
    is_selected: bool,
    today: date,
) -> DueProduct:
    options = tuple(
        PeriodOption(length, period_label(length), parts)
        for length in PERIOD_MONTHS
        if (
            parts := find_parts(
                book, plan=product.plan, months=length, quantity=product.quantity, options=extras
            )
        )
    )
    chosen = next((option for option in options if option.months == wanted), options[0] if options else None)
    return DueProduct(
        product=product,
        offer=", ".join([product.plan.name, *describe_options(book, product, extras)]),
        extras=extras,
        options=options,
        chosen=chosen,
        is_selected=is_selected and chosen is not None,
        is_overdue=product.expires_on is not None and product.expires_on <= today,
    )


def _due_invoices(
    organization: Organization, today: date, search: str, selected: frozenset[int]
) -> list[DueInvoice]:
    found = list_payable(organization=organization).prefetch_related("lines")
    if search:
        found = found.filter(lines__description__icontains=search).distinct()
    return [
        DueInvoice(
            invoice=invoice,
            text=", ".join(
                line.description for line in sorted(invoice.lines.all(), key=lambda line: line.position)[:3]
            ),
            is_selected=invoice.pk in selected,
            is_numbered=invoice.status == InvoiceStatus.OPEN,
            is_overdue=invoice.due_on < today,
        )
        for invoice in found[:PAGE_SIZE]
    ]


def _lines(organization: Organization, book: PriceBook, products: Sequence[DueProduct]) -> list[LineInput]:
    """Return the lines that the selected products would have on their invoice."""
    return [
        line
        for row in products
        if row.is_selected and row.chosen
        for line in renewal_lines(
            book=book,
            product=row.product,
            options=row.extras,
            months=row.chosen.months,
            period=next_period(product=row.product, months=row.chosen.months),
            language=organization.language,
        )
    ]


def _with_sums(
    organization: Organization,
    *,
    today: date,
    products: list[DueProduct],
    invoices: list[DueInvoice],
    page: Page[Product],
    lines: Sequence[LineInput],
) -> ToPay:
    nothing = Money.zero(organization.currency)
    priced = (
        quote(
            lines=lines,
            buyer=default_address(organization=organization),
            seller=default_entity(),
            currency=organization.currency,
            on=today,
        )
        if lines
        else None
    )
    chosen = [row.invoice for row in invoices if row.is_selected]
    net = Money.total((row.net for row in chosen), organization.currency) + (
        priced.net if priced else nothing
    )
    tax = Money.total((row.tax for row in chosen), organization.currency) + (
        priced.tax if priced else nothing
    )
    return ToPay(
        products=products, invoices=invoices, page=page, quote=priced, total=net + tax, tax=tax, net=net
    )
