"""Products that end and invoices that wait as ONE list by their day, page by page (BIL-2)."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import F, QuerySet

from billing.invoices.models import Invoice
from billing.invoices.selectors import list_payable, matches
from billing.payments.selectors import list_due_products
from billing.to_pay.carried import paid_alone
from manager.kit.ids import MAX_ID
from manager.kit.keyset import CursorInvalid, Page, SortKey, cursor_at, paginate
from organizations.profile.models import Organization
from products.inventory.models import EXPIRY_ORDER, Product
from products.inventory.search import look_up

PAGE_SIZE = 50
MOST = 200
"""So many things fit on one invoice."""
INVOICES, RENEWALS = "invoices", "renewals"
"""The kinds of rows; a family's name stands for the renewals of its products."""

BY_EXPIRY = SortKey(
    EXPIRY_ORDER, value=lambda product: product.expires_on.isoformat(), parse=date.fromisoformat
)
BY_DAY = SortKey(F("due_on"), value=lambda invoice: invoice.due_on.isoformat(), parse=date.fromisoformat)

Row = Invoice | Product


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is listed: renewals up to `until` (all when None) and whatever waits to be paid.

    An invoice is there whatever its day, as its payment is asked for already.
    """

    organization: Organization
    until: date | None
    search: str = ""
    kind: str = ""


@dataclass(frozen=True, slots=True)
class DuePage:
    """Some rows, the first due at the top; `previous` and `next` are cursors, empty at the ends."""

    rows: list[Row]
    previous: str = ""
    next: str = ""


def list_page(wanted: Wanted, *, after: str = "", before: str = "", size: int = PAGE_SIZE) -> DuePage:
    """Return one page of what is due. At most three queries, whatever there is.

    Both kinds are read from the same place on and merged: by day, invoices before products, by id.

    :raises CursorInvalid: a cursor was not made here.
    """
    backwards = bool(before) and not after
    place = _read(before if backwards else after)
    invoices: Page[Invoice] = Page([])
    products: Page[Product] = Page([])
    if wanted.kind in {"", INVOICES}:
        payable = list_payable(organization=wanted.organization)
        found = payable.filter(matches(wanted.search)) if wanted.search else payable
        invoices = paginate(found, key=BY_DAY, size=size, **_from(place, rank=0, backwards=backwards))
    if wanted.kind != INVOICES:
        products = paginate(
            find_renewable(wanted), key=BY_EXPIRY, size=size, **_from(place, rank=1, backwards=backwards)
        )
    merged: list[Row] = sorted([*invoices.rows, *products.rows], key=_order)
    rows = merged[-size:] if backwards else merged[:size]
    further = [page.previous if backwards else page.next for page in (invoices, products)]
    has_more = len(merged) > size or any(further)
    if not rows:
        return DuePage([])
    return DuePage(
        rows,
        previous=_write(rows[0]) if (has_more if backwards else place) else "",
        next=_write(rows[-1]) if (place if backwards else has_more) else "",
    )


def find_renewable(wanted: Wanted) -> QuerySet[Product]:
    """Return the products to be renewed that are wanted, in no order. One query for a search."""
    products = list_due_products(organization=wanted.organization, until=wanted.until)
    if wanted.kind not in {"", RENEWALS}:
        products = products.filter(family=wanted.kind)
    if wanted.search:
        return look_up(wanted.search, organization_id=wanted.organization.pk).filter(products)
    return products


def list_ids(wanted: Wanted) -> tuple[list[int], list[int]]:
    """Return the ids of what of the whole list fits on one invoice, the first 200: products, invoices."""
    rows = list_page(wanted, size=MOST).rows
    currency = wanted.organization.currency
    return (
        [row.pk for row in rows if isinstance(row, Product)],
        [row.pk for row in rows if isinstance(row, Invoice) and not paid_alone(row, currency)],
    )


def _order(row: Row) -> tuple[date, int, int]:
    if isinstance(row, Invoice):
        return row.due_on, 0, row.pk
    return row.expires_on or date.max, 1, row.pk


def _write(row: Row) -> str:
    day, rank, pk = _order(row)
    return f"{day.isoformat()}.{rank}.{pk}"


def _read(cursor: str) -> tuple[date, int, int] | None:
    if not cursor:
        return None
    parts = cursor[:60].split(".")
    try:
        day, rank, pk = date.fromisoformat(parts[0]), int(parts[1]), int(parts[2])
    except (ValueError, IndexError):
        raise CursorInvalid from None
    if len(parts) != 3 or rank not in {0, 1} or not 0 < pk <= MAX_ID:
        raise CursorInvalid
    return day, rank, pk


def _from(place: tuple[date, int, int] | None, *, rank: int, backwards: bool) -> dict[str, Any]:
    """Return where one kind goes on: rows of the same day stand before or after the other kind's."""
    if place is None:
        return {}
    day, its_rank, pk = place
    bound = pk if rank == its_rank else 0 if rank > its_rank else MAX_ID
    return {"before" if backwards else "after": cursor_at(day.isoformat(), bound)}
