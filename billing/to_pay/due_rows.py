"""What is due as rows of one query, invoices and products merged by their day, for the API (BIL-2)."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Expression, F, IntegerField, OuterRef, QuerySet, Value
from django.db.models.functions import JSONObject

from billing.invoices.models import Invoice
from billing.invoices.selectors import list_payable, matches
from billing.to_pay.listing import INVOICES, Wanted, find_renewable
from billing.to_pay.rows import PeriodOption, period_label
from manager.kit.fields import PERIOD_MONTHS
from manager.kit.ids import MAX_ID
from manager.kit.jsonrows import model_of
from manager.kit.keyset import SortKey, take_page
from organizations.profile.models import Organization
from products.catalog.models import Plan
from products.catalog.price_book import read_price_book
from products.catalog.pricing import find_parts
from products.inventory.models import EXPIRY_ORDER, ProductOption

OF_INVOICES, OF_PRODUCTS = 0, 1
SHOWN = (
    *("id", "number", "status", "currency", "net_amount", "tax_amount", "total_amount", "purchase_order"),
    *("created_at", "issued_on", "due_on", "paid_at", "paid_with"),
)
PRODUCT = ("name", "expires_on", "months", "quantity", "plan_id", "plan__names")


@dataclass(frozen=True, slots=True)
class DueRow:
    """One thing that is due on a day: an invoice (`rank` 0) or a product (1), of which `told` tells."""

    day: date
    rank: int
    pk: int
    told: Mapping[str, Any]

    @property
    def invoice(self) -> Invoice | None:
        """The invoice that waits for its payment."""
        return model_of(Invoice, self.told) if self.rank == OF_INVOICES else None

    @property
    def plan(self) -> Plan | None:
        """The offer of the product."""
        is_product = self.rank == OF_PRODUCTS
        return Plan(pk=self.told["plan_id"], names=self.told["plan__names"]) if is_product else None


def _place(text: str) -> tuple[date, int]:
    day, rank = text.split(".")
    return date.fromisoformat(day), {"0": OF_INVOICES, "1": OF_PRODUCTS}[rank]


def _read_place(text: str) -> tuple[date, int] | None:
    try:
        return _place(text)
    except KeyError:
        return None


BY_DAY = SortKey(F("day"), value=lambda row: f"{row.day.isoformat()}.{row.rank}", parse=_read_place)


def list_due(wanted: Wanted) -> tuple[QuerySet[Any, Any], Callable[..., list[DueRow]]]:
    """Return all that is due, to be counted, and what takes pages of it for the keywords of `take_page`.

    One query each, whatever there is, and one more for a search.
    """
    limbs: list[tuple[int, QuerySet[Any], Expression | F, JSONObject]] = []
    if wanted.kind in {"", INVOICES}:
        payable = list_payable(organization=wanted.organization)
        found = payable.filter(matches(wanted.search)) if wanted.search else payable
        told = JSONObject(**{name: name for name in SHOWN})
        limbs.append((OF_INVOICES, found, F("due_on"), told))
    if wanted.kind != INVOICES:
        options = ProductOption.objects.filter(
            organization_id=wanted.organization.pk, product=OuterRef("pk")
        ).order_by("slug")
        had = ArraySubquery(options.values(told=JSONObject(slug="slug", quantity="quantity")))
        told = JSONObject(**{name: name for name in PRODUCT}, had=had)
        limbs.append((OF_PRODUCTS, find_renewable(wanted), EXPIRY_ORDER, told))

    def take(
        *, falling: bool, size: int, value: Any = None, pk: int | None = None, offset: int = 0
    ) -> list[DueRow]:
        parts = []
        for rank, rows, day, told in limbs:
            place: dict[str, Any] = {}
            if pk is not None:
                # Rows of the same day stand before or after all of the other kind.
                bound = pk if rank == value[1] else 0 if rank > value[1] else MAX_ID
                place = {"value": value[0], "pk": bound}
            named = rows.annotate(day=day, rank=Value(rank, IntegerField()), told=told)
            page = take_page(named, key=SortKey(day, str), falling=falling, size=offset + size, **place)
            parts.append(page.values_list("day", "rank", "pk", "told"))
        merged = parts[0].union(*parts[1:], all=True) if len(parts) > 1 else parts[0]
        sign = "-" if falling else ""
        if len(parts) > 1:
            merged = merged.order_by(f"{sign}day", f"{sign}rank", f"{sign}pk")
        return [DueRow(*row) for row in merged[offset : offset + size]]

    ids = [rows.order_by().values("pk") for _rank, rows, _day, _told in limbs]
    return ids[0].union(*ids[1:], all=True) if len(ids) > 1 else ids[0], take


def find_periods(
    *, organization: Organization, rows: list[DueRow], on: date
) -> dict[int, list[PeriodOption]]:
    """Return by product the periods that it can be renewed by, at the prices of a day. One query."""
    products = [row for row in rows if row.plan is not None]
    book = read_price_book(
        plans=[row.plan for row in products if row.plan], currency=organization.currency, on=on
    )
    found: dict[int, list[PeriodOption]] = {}
    for row in products:
        options = {option["slug"]: option["quantity"] for option in row.told["had"]}
        asked = {"plan": row.plan, "quantity": row.told["quantity"], "options": options}
        priced = ((months, find_parts(book, months=months, **asked)) for months in PERIOD_MONTHS)
        found[row.pk] = [
            PeriodOption(months, period_label(months), parts) for months, parts in priced if parts
        ]
    return found
