"""The books of a simulation: no day of a product billed twice, none left out, and the money agrees."""

from collections import defaultdict
from datetime import date, datetime
from itertools import pairwise

from django.db.models import Sum

from billing.invoices.models import CreditNote, Invoice, InvoiceLine
from billing.invoices.status import NUMBERED, InvoiceStatus
from billing.ledger.models import Account, AccountKind, Entry
from manager.demo.simulation.charged import check_provider
from manager.demo.simulation.world import World
from products.inventory.models import Product
from products.transfer.models import Transfer
from products.transfer.status import TransferStatus

SOLD = (AccountKind.REVENUE, AccountKind.PROMOTIONS, AccountKind.REFUNDS, AccountKind.TAX)
"""What was invoiced less credit notes; an upfront discount and what was given back stand apart (BIL-15)."""


def check_books(world: World, *, at: datetime) -> None:
    """Compare days, invoices and ledger of all organizations, and the ledger with the provider's journal.

    :raises SimulationFailed: they do not agree.
    """
    _check_days(world, at.date())
    _check_money(world, at.date())
    check_provider(world, at=at)


def _check_days(world: World, day: date) -> None:
    """Check that paid lines of a plan follow each other from its first day to its expiry, without a gap."""
    periods = _read_periods()
    moved = set(
        Transfer.objects.using("system")
        .filter(status=TransferStatus.ACCEPTED)
        .values_list("product_id", flat=True)
    )
    unpaid = moved | _given_without_payment()
    begun = dict(
        Product.objects.using("system").filter(activated_at__isnull=False).values_list("pk", "expires_on")
    )
    for pk, expires_on in begun.items():
        spans = sorted(periods[pk])
        for (_first, end), (begin, _last) in pairwise(spans):
            if begin < end:
                raise world.fail(day, pk, f"The day {begin} is paid twice.")
            if begin > end and pk not in unpaid:
                raise world.fail(day, pk, f"The days from {end} to {begin} are not paid.")
        if pk in unpaid:
            continue
        if not spans or spans[-1][1] != expires_on:
            until = spans[-1][1] if spans else None
            raise world.fail(day, pk, f"It runs until {expires_on}, and is paid until {until}.")


def _read_periods() -> dict[int, list[tuple[date, date]]]:
    """Return by product the days that its plan is paid for, or given on an invoice that is to be paid."""
    lines = InvoiceLine.objects.using("system").filter(
        component="", product_id__isnull=False, covers__isnull=False, counts=True, fulfilled_at__isnull=False
    )
    periods: dict[int, list[tuple[date, date]]] = defaultdict(list)
    for pk, covers in lines.exclude(covers__isempty=True).values_list("product_id", "covers"):
        if pk is not None and covers is not None:
            periods[pk].append((covers.lower, covers.upper))
    return periods


def _given_without_payment() -> set[int]:
    """Return the products of invoices that staff voided after the days were given."""
    gone = InvoiceLine.objects.using("system").filter(
        invoice__status=InvoiceStatus.VOID, fulfilled_at__isnull=False, product_id__isnull=False
    )
    return set(gone.values_list("product_id", flat=True))


def _check_money(world: World, day: date) -> None:
    posted: dict[tuple[int, str], int] = defaultdict(int)
    entries = Entry.objects.using("system").values("organization_id", "account__kind")
    for row in entries.annotate(sum=Sum("amount")):
        posted[row["organization_id"], row["account__kind"]] = row["sum"]
    for account in Account.objects.using("system").all():
        if account.balance != posted[account.organization_id, account.kind]:
            raise world.fail(day, None, f"The balance of the {account} is not the sum of its entries.")
    issued, waiting = _invoiced(), _invoiced(InvoiceStatus.OPEN)
    notes = CreditNote.objects.using("system").values_list("organization_id")
    for owner, credited in notes.annotate(sum=Sum("total_amount")):
        issued[owner] -= credited
    for organization in world.organizations:
        pk = organization.pk
        total = sum(amount for (owner, _kind), amount in posted.items() if owner == pk)
        sold = sum(posted[pk, kind] for kind in SOLD)
        owed = -posted[pk, AccountKind.RECEIVABLE]
        if (total, sold, owed) != (0, issued[pk], waiting[pk]):
            found = f"The ledger of {organization} is {total} off, has {sold} sold and {owed} owed;"
            raise world.fail(day, None, f"{found} its invoices say {issued[pk]} and {waiting[pk]}.")


def _invoiced(*statuses: InvoiceStatus) -> dict[int, int]:
    """Return by organization the sum of its numbered invoices, or of those in these states."""
    invoices = Invoice.objects.using("system").filter(status__in=statuses or sorted(NUMBERED))
    return defaultdict(int, invoices.values_list("organization_id").annotate(sum=Sum("total_amount")))
