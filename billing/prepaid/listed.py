"""Pages of movements for programs: one query, without what only people are shown (API-1)."""

from collections.abc import Callable
from typing import Any

from django.db.models import F, QuerySet
from django.utils.timezone import localtime

from billing.ledger.models import Entry
from billing.prepaid.kinds import name_of
from billing.prepaid.selectors import Wanted, select_entries
from manager.kit.keyset import COMMON_SIZES, NEWEST, ids_at, is_among, take_page
from manager.kit.prepared import Prepared
from organizations.profile.models import Organization

ALL = Wanted()
TOLD = ("organization_id", "amount", "balance")


def take_movements(*, organization: Organization, wanted: Wanted) -> Callable[..., list[Entry]]:
    """Return what gives rows for `describe_movement`, for the keywords of `take_page`. One query."""

    def take(*, size: int, offset: int = 0, **place: Any) -> list[Entry]:
        place |= {"size": size, **({"offset": offset} if offset else {})}
        if wanted == ALL and size in COMMON_SIZES:
            return _PAGE.fetch(organization_id=organization.pk, currency=organization.currency, **place)
        return list(_select_page(organization, wanted, **place))

    return take


def _select_page(
    organization: Organization, wanted: Wanted, *, falling: bool, size: int, offset: int = 0, **place: Any
) -> QuerySet[Entry]:
    entries = select_entries(organization=organization, wanted=wanted).select_related(None)
    if offset:  # of what is passed over the keys alone are read
        found = ids_at(entries, key=NEWEST, falling=falling, size=size, offset=offset)
        entries = entries.filter(is_among(found))
    rows = entries.only(*TOLD).annotate(
        kind=F("journal__kind"),
        at=F("journal__at"),
        description=F("journal__description"),
        invoice_id=F("journal__invoice_id"),
    )
    return take_page(rows, key=NEWEST, falling=falling, size=size, **place)


def _build_page(*, organization_id: int, currency: str, **place: Any) -> QuerySet[Entry]:
    organization = Organization(pk=organization_id, currency=currency)
    return _select_page(organization, ALL, **place)


_PAGE: Prepared[Entry] = Prepared(_build_page, shape=["falling", "size"])


def describe_movement(entry: Any, currency: str) -> dict[str, Any]:
    """Return a row of `take_movements` as MovementOutput writes it, which would take far longer."""
    return {
        "id": entry.pk,
        "at": localtime(entry.at),
        "kind": entry.kind,
        "text": name_of(entry.kind, entry.description),
        "amount": {"amount": entry.amount, "currency": currency},
        "balance": {"amount": entry.balance, "currency": currency},
        "invoice_id": entry.invoice_id,
    }
