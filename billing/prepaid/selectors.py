"""Read the prepaid account: its balance and every movement (BIL-7)."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.db.models import QuerySet, Sum

from billing.invoices.models import Invoice
from billing.ledger.models import Account, AccountKind, Entry
from billing.ledger.selectors import get_balance
from billing.prepaid.kinds import KINDS, name_of
from billing.prepaid.models import PrepaidSettings
from manager.kit.money import Money
from manager.kit.prepared import Prepared
from organizations.profile.models import Organization

PAGE_SIZE = 25


@dataclass(frozen=True, slots=True)
class Movement:
    """One line of the account: `money` is positive when it came in, `balance` is what was there then."""

    id: int
    at: datetime
    kind: str
    text: str
    money: Money
    balance: Money
    invoice_id: int | None
    invoice_number: str

    @property
    def is_top_up(self) -> bool:
        """Whether it is money that was paid in, for which there is a receipt."""
        return self.kind == "top_up" and self.money.amount > 0


@dataclass(frozen=True, slots=True)
class MovementPage:
    """Movements, newest first; `next_cursor` is where the next page begins, None at the end."""

    movements: list[Movement]
    next_cursor: int | None


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which movements: of one kind, and of days of the organization, both ends included; all by default."""

    kind: str = ""
    first: date | None = None
    last: date | None = None


def pays_renewals(*, organization: Organization) -> bool:
    """Return whether renewals take what is on the account first, and another means the rest (BIL-3)."""
    return _PAYS_RENEWALS.first(organization_id=organization.pk) is not None


def _build_pays_renewals(*, organization_id: int) -> QuerySet[PrepaidSettings, int]:
    found = PrepaidSettings.objects.filter(organization_id=organization_id, pays_renewals=True)
    return found.values_list("organization_id", flat=True)[:1]


_PAYS_RENEWALS: Prepared[int] = Prepared(_build_pays_renewals, planned_once=True)


def prepaid_balance(*, organization: Organization) -> Money:
    """Return what is on the prepaid account, in the organization's currency."""
    return get_balance(organization=organization, kind=AccountKind.PREPAID, currency=organization.currency)


def list_prepaid_movements(
    *, organization: Organization, wanted: Wanted | None = None, after: int | None = None
) -> MovementPage:
    """Return one page of the `wanted` movements: those before the entry `after`."""
    found = select_entries(organization=organization, wanted=wanted or Wanted()).order_by("-id")
    if after is not None:
        found = found.filter(pk__lt=after)
    rows = list(found[: PAGE_SIZE + 1])
    more, rows = len(rows) > PAGE_SIZE, rows[:PAGE_SIZE]
    return MovementPage(describe(organization=organization, rows=rows), rows[-1].pk if more else None)


def select_entries(*, organization: Organization, wanted: Wanted) -> QuerySet[Entry]:
    """Return the entries of the `wanted` movements with their journals."""
    entries = entries_of_account(organization=organization).select_related("journal")
    if wanted.kind in KINDS:
        entries = entries.filter(journal__kind=wanted.kind)
    if wanted.first is not None:
        entries = entries.filter(journal__at__gte=start_of(organization, wanted.first))
    if wanted.last is not None and wanted.last < date.max:
        end = start_of(organization, wanted.last + timedelta(days=1))
        entries = entries.filter(journal__at__lt=end)
    return entries


def entries_of_account(*, organization: Organization) -> QuerySet[Entry]:
    """Return all entries of the prepaid account in the organization's currency."""
    # One row, so that entries are found by the account's index, in their order.
    account = Account.objects.filter(
        organization_id=organization.pk, kind=AccountKind.PREPAID, currency=organization.currency
    )
    return Entry.objects.filter(organization_id=organization.pk, account=account.values("pk")[:1])


def start_of(organization: Organization, day: date) -> datetime:
    """Return the instant in which a day begins where the organization is."""
    return datetime.combine(day, time.min, ZoneInfo(organization.time_zone))


def balance_before(*, organization: Organization, day: date) -> Money:
    """Return what was on the account when `day` began, where the organization is."""
    entries = entries_of_account(organization=organization)
    earlier = entries.filter(journal__at__lt=start_of(organization, day))
    return Money(earlier.aggregate(sum=Sum("amount"))["sum"] or 0, organization.currency)


def describe(*, organization: Organization, rows: list[Entry]) -> list[Movement]:
    """Return entries as movements, each with the balance after it, in the order given."""
    if not rows:
        return []
    currency = organization.currency
    numbers = _numbers(organization, rows)
    return [
        Movement(
            id=row.pk,
            at=row.journal.at,
            kind=row.journal.kind,
            text=name_of(row.journal.kind, row.journal.description),
            money=Money(row.amount, currency),
            balance=Money(row.balance, currency),
            invoice_id=row.journal.invoice_id,
            invoice_number=numbers.get(row.journal.invoice_id or 0, ""),
        )
        for row in rows
    ]


def _numbers(organization: Organization, rows: list[Entry]) -> dict[int, str]:
    ids = {row.journal.invoice_id for row in rows if row.journal.invoice_id}
    invoices = Invoice.objects.filter(organization_id=organization.pk, pk__in=ids)
    return {invoice.pk: str(invoice) for invoice in invoices}
