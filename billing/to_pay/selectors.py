"""What is to be paid: products that come to their end and invoices that wait (BIL-2)."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.db.models import QuerySet, prefetch_related_objects

from billing.invoices.lines import renewal_lines
from billing.invoices.models import Invoice
from billing.invoices.selectors import list_payable
from billing.payments.selectors import list_due_products
from billing.profiles.selectors import default_entity
from billing.tax.quote import LineInput, quote
from billing.to_pay.billed_to import buyer_of
from billing.to_pay.carried import carry, paid_alone
from billing.to_pay.listing import MOST, DuePage, Wanted, list_page
from billing.to_pay.rows import DueInvoice, DueProduct, PeriodOption, Row, Sums, period_label
from manager.kit.errors import Text
from manager.kit.fields import PERIOD_MONTHS
from manager.kit.money import Money
from organizations.profile.models import Organization
from products.catalog.price_book import read_price_book
from products.catalog.pricing import PriceBook, find_parts
from products.inventory.models import Product
from products.inventory.option_labels import describe_options
from products.inventory.rules import lateness_of
from products.inventory.selectors import find_options
from products.inventory.services import next_period


@dataclass(frozen=True, slots=True)
class ToPay:
    """The page: its rows, what is selected on other ones, and what the selected come to."""

    rows: list[Row]
    elsewhere: list[Row]
    page: DuePage
    sums: Sums
    conflict: Text | None = field(default=None)

    @property
    def products(self) -> list[DueProduct]:
        """The renewals of this page."""
        return [row for row in self.rows if isinstance(row, DueProduct)]

    @property
    def invoices(self) -> list[DueInvoice]:
        """The invoices of this page."""
        return [row for row in self.rows if isinstance(row, DueInvoice)]

    @property
    def total(self) -> Money:
        """What the selected come to, with VAT."""
        return self.sums.total

    @property
    def selected(self) -> int:
        """How many rows are selected, on all pages."""
        return sum(row.is_selected for row in self.rows) + len(self.elsewhere)

    @property
    def kept(self) -> str:
        """What is selected on other pages, as the form carries it."""
        return "-".join(row.token for row in self.elsewhere)

    @property
    def has_more(self) -> bool:
        """Whether the list goes on beyond this page."""
        return bool(self.page.next or self.page.previous)


def build_to_pay(
    *,
    organization: Organization,
    today: date,
    until: date | None,
    search: str = "",
    kind: str = "",
    months: Mapping[int, int] | None = None,
    product_ids: Collection[int] = (),
    invoice_ids: Collection[int] = (),
    address_id: int | None = None,
    after: str = "",
    before: str = "",
) -> ToPay:
    """Return what is due up to `until` (all when None), with prices of `today` and the sum of the selected.

    `months` are the periods chosen by product id; a product without a choice renews as before. What is
    selected counts on whatever page it stands, up to the 200 that fit on one invoice.

    :raises CursorInvalid: `after` or `before` was not made here.
    :raises NotFound: `address_id`, to which the selection shall be billed, is none of the organization's.
    """
    page = list_page(Wanted(organization, until, search, kind), after=after, before=before)
    here = {(type(row), row.pk) for row in page.rows}
    others = [
        *_others(
            list_payable(organization=organization),
            [pk for pk in invoice_ids if (Invoice, pk) not in here],
        ),
        *_others(
            list_due_products(organization=organization, until=None),
            [pk for pk in product_ids if (Product, pk) not in here],
        ),
    ]
    all_rows = [*page.rows, *others]
    products = [row for row in all_rows if isinstance(row, Product)]
    invoices = [row for row in all_rows if isinstance(row, Invoice)]
    prefetch_related_objects(invoices, "lines__product")
    book = read_price_book(
        plans={product.plan for product in products}, currency=organization.currency, on=today
    )
    extras = find_options(products)
    chosen_products, chosen_invoices = frozenset(product_ids), frozenset(invoice_ids)
    built: list[Row] = []
    for row in all_rows:
        if isinstance(row, Invoice):
            built.append(_due_invoice(row, organization, today, row.pk in chosen_invoices))
        else:
            built.append(
                _due_product(
                    row,
                    extras=extras[row.pk],
                    book=book,
                    wanted=(months or {}).get(row.pk, row.months),
                    is_selected=row.pk in chosen_products,
                    today=today,
                )
            )
    rows, elsewhere = built[: len(page.rows)], [row for row in built[len(page.rows) :] if row.is_selected]
    selected = [row for row in built if row.is_selected]
    return ToPay(
        rows=rows,
        elsewhere=elsewhere,
        page=page,
        sums=_sums(organization, today, book, selected, address_id),
        conflict=_conflict(selected),
    )


def _others(found: QuerySet[Any], ids: Sequence[int]) -> list[Any]:
    return list(found.filter(pk__in=ids[:MOST])) if ids else []


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
        lateness=lateness_of(product.days_left(today)),
    )


def _due_invoice(invoice: Invoice, organization: Organization, today: date, is_selected: bool) -> DueInvoice:
    lines = sorted(invoice.lines.all(), key=lambda line: line.position)
    refusal = paid_alone(invoice, organization.currency)
    return DueInvoice(
        invoice=invoice,
        text=", ".join(line.description for line in lines[:3]),
        is_selected=is_selected,
        is_overdue=invoice.due_on < today,
        alone=refusal.message if refusal else None,
    )


def _conflict(selected: Sequence[Row]) -> Text | None:
    """Return why what is selected cannot be one invoice."""
    if len(selected) < 2:
        return None
    reasons = (row.alone for row in selected if isinstance(row, DueInvoice))
    return next((reason for reason in reasons if reason), None)


def _sums(
    organization: Organization,
    today: date,
    book: PriceBook,
    selected: Sequence[Row],
    address_id: int | None,
) -> Sums:
    """Return the sums of the invoice that the selection would become (BIL-2: by the function that makes it).

    What cannot be part of one counts as it stands; in another currency it does not count beside others.
    """
    if len(selected) == 1 and isinstance(selected[0], DueInvoice):
        only = selected[0].invoice
        if selected[0].alone or address_id in {None, only.billing_address_id}:
            return Sums(only.net, only.tax, only.total)
    currency = organization.currency
    fixed = [row.invoice for row in selected if isinstance(row, DueInvoice) and row.alone]
    fixed = [invoice for invoice in fixed if invoice.currency == currency]
    lines = [line for row in selected for line in _lines(organization, book, row)]
    nothing = Money.zero(currency)
    net = Money.total((invoice.net for invoice in fixed), currency)
    tax = Money.total((invoice.tax for invoice in fixed), currency)
    if not lines:
        return Sums(net + nothing, tax + nothing, net + tax)
    priced = quote(
        lines=lines,
        buyer=buyer_of(
            organization=organization,
            address_id=address_id,
            product_ids={row.product.pk for row in selected if not isinstance(row, DueInvoice)},
            drafts=[
                row.invoice.billing_address_id
                for row in selected
                if isinstance(row, DueInvoice) and not row.alone
            ],
        ),
        seller=default_entity(),
        currency=currency,
        on=today,
    )
    return Sums(net + priced.net, tax + priced.tax, net + tax + priced.total)


def _lines(organization: Organization, book: PriceBook, row: Row) -> list[LineInput]:
    """Return the lines that a selected row would have on the one invoice."""
    if isinstance(row, DueInvoice):
        lines = sorted(row.invoice.lines.all(), key=lambda line: line.position)
        return [] if row.alone else carry(lines, organization.currency)
    if row.chosen is None:
        return []
    return renewal_lines(
        book=book,
        product=row.product,
        options=row.extras,
        months=row.chosen.months,
        period=next_period(product=row.product, months=row.chosen.months),
        language=organization.language,
    )
