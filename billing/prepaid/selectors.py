"""Read the prepaid account: its balance and every movement (BIL-7)."""

from dataclasses import dataclass
from datetime import datetime

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from billing.invoices.models import Invoice
from billing.ledger.models import AccountKind, Entry
from billing.ledger.selectors import get_balance, list_movements
from manager.kit.money import Money
from organizations.profile.models import Organization

PAGE_SIZE = 25

TEXTS: dict[str, Promise] = {
    "top_up": _("Top-up"),
    "late_payment": _("Payment that was no longer needed"),
    "invoice_paid": _("Invoice paid"),
    "refund": _("Refund"),
    "change_credit": _("Change of an offer"),
    "not_carried_out": _("Payment that was no longer needed"),
}


@dataclass(frozen=True, slots=True)
class Movement:
    """One line of the account: `money` is positive when it came in."""

    id: int
    at: datetime
    text: str
    money: Money
    invoice_id: int | None
    invoice_number: str
    is_top_up: bool


@dataclass(frozen=True, slots=True)
class MovementPage:
    """Movements, newest first; `next_cursor` is where the next page begins, None at the end."""

    movements: list[Movement]
    next_cursor: int | None


def prepaid_balance(*, organization: Organization) -> Money:
    """Return what is on the prepaid account, in the organization's currency."""
    return get_balance(organization=organization, kind=AccountKind.PREPAID, currency=organization.currency)


def list_prepaid_movements(*, organization: Organization, after: int | None = None) -> MovementPage:
    """Return one page of movements: those before the entry `after`."""
    found = list_movements(
        organization=organization, kind=AccountKind.PREPAID, currency=organization.currency, after=after
    )
    rows = list(found[: PAGE_SIZE + 1])
    more, rows = len(rows) > PAGE_SIZE, rows[:PAGE_SIZE]
    numbers = _numbers(organization, rows)
    movements = [_movement(row, numbers, organization.currency) for row in rows]
    return MovementPage(movements, rows[-1].pk if more else None)


def _numbers(organization: Organization, rows: list[Entry]) -> dict[int, str]:
    ids = {row.journal.invoice_id for row in rows if row.journal.invoice_id}
    invoices = Invoice.objects.filter(organization_id=organization.pk, pk__in=ids)
    return {invoice.pk: str(invoice) for invoice in invoices}


def _movement(row: Entry, numbers: dict[int, str], currency: str) -> Movement:
    journal = row.journal
    return Movement(
        id=row.pk,
        at=journal.at,
        text=str(TEXTS.get(journal.kind, journal.description or journal.kind)),
        money=Money(row.amount, currency),
        invoice_id=journal.invoice_id,
        invoice_number=numbers.get(journal.invoice_id or 0, ""),
        is_top_up=journal.kind == "top_up" and row.amount > 0,
    )
