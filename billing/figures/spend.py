"""What was billed per month and family, less credit notes: from the lines, so it agrees to the cent."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import connection, transaction
from django.utils.translation import gettext as _

from billing.figures.months import past_months, shift
from billing.invoices.status import NUMBERED
from manager.kit.money import Money
from organizations.profile.models import Organization
from products.catalog.models import Family

OTHER = ""
"""The family of a line that is of no product."""

# An invoice counts in the month of its number, a credit note in its own. One that voids the whole has no
# lines of its own: then the invoice's are taken back.
MOVES = """
select month, currency, family, sum(net)::bigint, sum(tax)::bigint from (
    select date_trunc('month', invoice.issued_on)::date as month, invoice.currency,
        coalesce(product.family, '') as family, line.net_amount as net, line.tax_amount as tax
    from billing_invoice invoice
    join billing_invoiceline line on line.invoice_id = invoice.id and line.organization_id = %(owner)s
    left join products_product product on product.id = line.product_id
    where invoice.organization_id = %(owner)s and invoice.status = any(%(numbered)s)
        and invoice.issued_on >= %(first)s and invoice.issued_on < %(end)s
    union all
    select date_trunc('month', note.issued_on)::date, note.currency, coalesce(product.family, ''),
        -(credited ->> 'net')::bigint, -(credited ->> 'tax')::bigint
    from billing_creditnote note
    cross join lateral jsonb_array_elements(note.lines) credited
    left join billing_invoiceline line
        on line.id = (credited ->> 'line')::bigint and line.organization_id = %(owner)s
    left join products_product product on product.id = line.product_id
    where note.organization_id = %(owner)s and note.issued_on >= %(first)s and note.issued_on < %(end)s
    union all
    select date_trunc('month', note.issued_on)::date, note.currency, coalesce(product.family, ''),
        -line.net_amount, -line.tax_amount
    from billing_creditnote note
    join billing_invoiceline line on line.invoice_id = note.invoice_id and line.organization_id = %(owner)s
    left join products_product product on product.id = line.product_id
    where note.organization_id = %(owner)s and note.issued_on >= %(first)s and note.issued_on < %(end)s
        and note.lines = '[]'::jsonb
) moves
group by month, currency, family
"""


@dataclass(frozen=True, slots=True)
class Spent:
    """What one month or family came to; below zero where more was given back than billed."""

    net: Money
    tax: Money

    @property
    def total(self) -> Money:
        """With VAT."""
        return self.net + self.tax


@dataclass(frozen=True, slots=True)
class Cell:
    """What a family came to in a month."""

    month: date
    family: str
    spent: Spent


@dataclass(frozen=True, slots=True)
class Spend:
    """Some months of one currency; `names` are the families' by slug, `currencies` all there are."""

    currency: str
    currencies: list[str]
    months: list[date]
    cells: list[Cell]
    names: dict[str, str]

    def of_month(self, month: date) -> Spent:
        """Return what a month came to."""
        return self._sum(lambda cell: cell.month == month)

    def of_family(self, family: str) -> Spent:
        """Return what a family came to in all the months."""
        return self._sum(lambda cell: cell.family == family)

    @property
    def by_month(self) -> list[tuple[date, Spent]]:
        """Each month in its order, also those without anything."""
        return [(month, self.of_month(month)) for month in self.months]

    @property
    def by_family(self) -> list[tuple[str, str, Spent]]:
        """Each family with its name, the largest first."""
        families = sorted({cell.family for cell in self.cells})
        found = [(slug, self.names.get(slug) or _("Other"), self.of_family(slug)) for slug in families]
        return sorted(found, key=lambda row: row[2].net.amount, reverse=True)

    @property
    def whole(self) -> Spent:
        """All the months together."""
        return self._sum(lambda _cell: True)

    def _sum(self, is_meant: "Callable[[Cell], bool]") -> Spent:
        chosen = [cell.spent for cell in self.cells if is_meant(cell)]
        return Spent(
            Money.total((spent.net for spent in chosen), self.currency),
            Money.total((spent.tax for spent in chosen), self.currency),
        )


def read_spend(*, organization: Organization, today: date, months: int, currency: str = "") -> Spend:
    """Return what was billed in the `months` that end with that of `today`, in one currency.

    Without a `currency`, or with one that nothing was billed in, it is the organization's. Two queries.
    """
    span = past_months(today, months)
    rows = _read(organization, first=span[0], end=shift(span[-1], 1))
    currencies = sorted({row[1] for row in rows} | {organization.currency})
    chosen = currency if currency in currencies else organization.currency
    cells = [
        Cell(month, family, Spent(Money(net, chosen), Money(tax, chosen)))
        for month, its_currency, family, net, tax in rows
        if its_currency == chosen
    ]
    names = {family.slug: family.name for family in Family.objects.all()}
    return Spend(chosen, currencies, span, sorted(cells, key=lambda cell: (cell.month, cell.family)), names)


def _read(organization: Organization, *, first: date, end: date) -> Sequence[tuple[date, str, str, int, int]]:
    given: dict[str, Any] = {
        "owner": organization.pk,
        "numbered": sorted(NUMBERED),
        "first": first,
        "end": end,
    }
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(MOVES, given)
        rows: list[tuple[date, str, str, int, int]] = cursor.fetchall()
        return rows
