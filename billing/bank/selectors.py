"""Read statements, their entries and what waits, for staff; receipts for the organization (BIL-17)."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, Q, QuerySet, Sum

from billing.bank.models import BankReceipt, EntryDecision, RefusedFile, Statement, StatementEntry
from billing.bank.status import FOR_STAFF, EntryStatus
from billing.invoices.models import Invoice
from manager.kit.errors import NotFound
from manager.kit.ids import parse_id
from manager.kit.money import Money
from organizations.profile.models import Organization

OPEN_FILTER = "open"
"""The filter of what waits for staff, with and without a proposal."""


@dataclass(frozen=True, slots=True)
class Candidate:
    """Whose an entry may be, or was booked for: read across organizations."""

    organization: Organization
    invoice: Invoice | None


@dataclass(frozen=True, slots=True)
class StateSum:
    """How many entries of a statement are in a state, and what came in and went out by them."""

    status: EntryStatus
    count: int
    sums: list[Money]


def list_entries(
    *, status: str = "", search: str = "", statement: int | None = None
) -> QuerySet[StatementEntry]:
    """Return entries; `search` is a part of name, text or reference, or an amount as `1234.50`."""
    entries = StatementEntry.objects.select_related("statement")
    if status == OPEN_FILTER:
        entries = entries.filter(status__in=sorted(FOR_STAFF))
    elif status in EntryStatus.values:
        entries = entries.filter(status=status)
    if statement is not None:
        entries = entries.filter(statement_id=statement)
    if search:
        entries = entries.filter(_matches(search))
    return entries


def _matches(search: str) -> Q:
    compact = "".join(search.split())
    found = Q(name__icontains=search) | Q(text__icontains=search) | Q(end_to_end__icontains=search)
    if compact:
        found |= Q(reference__icontains=compact) | Q(name_iban__icontains=compact)
    major, _point, minor = compact.partition(".")
    amount = parse_id(f"{major}{minor.ljust(2, '0')}") if len(minor) <= 2 else None
    return found | Q(amount=amount) if amount else found


def get_entry(*, entry_id: int) -> StatementEntry:
    """Return one entry with its statement.

    :raises NotFound: there is none of that id.
    """
    entries = StatementEntry.objects.select_related("statement", "reverses")
    entry = entries.filter(pk=entry_id).first()
    if entry is None:
        raise NotFound
    return entry


def list_decisions(*, entry: StatementEntry) -> list[EntryDecision]:
    """Return what staff decided about an entry, newest first."""
    return list(EntryDecision.objects.filter(entry=entry).order_by("-pk"))


def get_receipt_of(*, entry: StatementEntry) -> BankReceipt | None:
    """Return what was booked of an entry, whosever it is."""
    return BankReceipt.objects.using("system").filter(entry_id=entry.pk).first()


def candidates_of(entries: Iterable[StatementEntry]) -> dict[int, Candidate]:
    """Return whose each of the entries may be, in two queries."""
    rows = list(entries)
    organizations = Organization.objects.using("system").in_bulk(
        {row.candidate_organization for row in rows if row.candidate_organization}
    )
    invoices = Invoice.objects.using("system").in_bulk(
        {row.candidate_invoice for row in rows if row.candidate_invoice}
    )
    return {
        row.pk: Candidate(organizations[row.candidate_organization], invoices.get(row.candidate_invoice or 0))
        for row in rows
        if row.candidate_organization in organizations
    }


def list_statements() -> QuerySet[Statement]:
    """Return the files that were kept, each with how many entries it brought and how many wait."""
    return Statement.objects.annotate(
        entry_count=Count("entries"),
        open_count=Count("entries", filter=Q(entries__status__in=sorted(FOR_STAFF))),
        booked_count=Count("entries", filter=Q(entries__status=EntryStatus.BOOKED)),
    )


def get_statement(*, statement_id: int) -> Statement:
    """Return one file.

    :raises NotFound: there is none of that id.
    """
    statement = Statement.objects.filter(pk=statement_id).first()
    if statement is None:
        raise NotFound
    return statement


def sum_by_state(*, statement: Statement) -> list[StateSum]:
    """Return a file's entries by their state, with the sums of each currency; what went out is negative."""
    rows = (
        StatementEntry.objects.filter(statement=statement)
        .values("status", "currency")
        .annotate(
            count=Count("pk"),
            received=Sum("amount", filter=Q(is_credit=True), default=0),
            sent=Sum("amount", filter=Q(is_credit=False), default=0),
        )
        .order_by("currency")
    )
    found: dict[str, list[tuple[int, Money]]] = {}
    for row in rows:
        money = Money(row["received"] - row["sent"], row["currency"])
        found.setdefault(row["status"], []).append((row["count"], money))
    return [
        StateSum(
            state, sum(count for count, _money in found[state]), [money for _count, money in found[state]]
        )
        for state in EntryStatus
        if state in found
    ]


def count_for_staff() -> int:
    """Return how many entries wait for staff."""
    return StatementEntry.objects.filter(status__in=sorted(FOR_STAFF)).count()


def list_refused_files() -> list[RefusedFile]:
    """Return the twenty files that were refused last, newest first."""
    return list(RefusedFile.objects.order_by("-refused_at", "-pk")[:20])


def count_refused_files(*, since: datetime) -> int:
    """Return how many files were refused since a moment."""
    return RefusedFile.objects.filter(refused_at__gte=since).count()
