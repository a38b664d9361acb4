"""Money that came for an invoice when it was needed no more: it is on the prepaid account (PRD-6, BIL-17)."""

from django.db.models import Sum

from billing.bank.models import BankReceipt, StatementEntry
from billing.bank.status import Received
from billing.invoices.models import Invoice
from billing.ledger.models import AccountKind, Entry
from billing.reservations.models import Reservation, ReservationSource
from manager.kit.money import Money


def late_money_of(*, invoice: Invoice) -> Money:
    """Return what was put on the prepaid account instead of paying `invoice`, by card or by transfer.

    Also parts that had come before it was cancelled. What a transfer that paid it had over is told with the
    transfer; what the bank has taken back is not there any more.
    """
    receipts = BankReceipt.objects.filter(organization_id=invoice.organization_id, invoice_id=invoice.pk)
    rows = list(receipts.select_related("entry"))
    undone = {row.entry.reverses_id for row in rows if row.kind == Received.TAKEN_BACK}
    came = {
        row.entry_id: row for row in rows if row.kind != Received.TAKEN_BACK and row.entry_id not in undone
    }
    sent = sum(row.to_balance for row in came.values() if row.kind == Received.BALANCE)
    parts = [row.entry for row in came.values() if row.kind == Received.PART]
    return Money(_charged(invoice) + sent + _released(invoice, parts), invoice.currency)


def _charged(invoice: Invoice) -> int:
    """Return what came of payments that paid nothing, as the ledger has it: the sum may be another one."""
    attempts = invoice.attempts.filter(organization_id=invoice.organization_id, is_credited=True)
    references = [attempt.ledger_reference for attempt in attempts]
    if not references:
        return 0
    entries = Entry.objects.filter(
        organization_id=invoice.organization_id,
        account__kind=AccountKind.PREPAID,
        journal__organization_id=invoice.organization_id,
        journal__reference__in=references,
    )
    return entries.aggregate(sum=Sum("amount"))["sum"] or 0


def _released(invoice: Invoice, parts: list[StatementEntry]) -> int:
    """Return what of the parts that were set aside for the invoice is balance now."""
    if not parts:
        return 0
    ended = Reservation.objects.filter(
        organization_id=invoice.organization_id,
        invoice_id=invoice.pk,
        source=ReservationSource.TRANSFER,
        key__in=[entry.ledger_reference for entry in parts],
        released_at__isnull=False,
    )
    return ended.aggregate(sum=Sum("amount"))["sum"] or 0
