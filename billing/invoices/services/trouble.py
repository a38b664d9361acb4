"""Paid lines whose product refused what was paid for: noted, tried again, seen by staff (PRD-7)."""

from datetime import datetime, timedelta

from django.db import transaction

from billing.invoices.models import Invoice, InvoiceLine, UnfulfilledLine
from manager.kit.errors import DomainError

FIRST_RETRY = timedelta(minutes=10)
LONGEST_WAIT = timedelta(hours=24)


def note_trouble(*, line: InvoiceLine, error: DomainError, at: datetime) -> UnfulfilledLine:
    """Keep why a paid line could not be fulfilled; each further try waits twice as long, a day at most."""
    row, created = UnfulfilledLine.objects.get_or_create(
        organization_id=line.organization_id,
        line=line,
        defaults={
            "code": error.code[:60],
            "message": str(error)[:250],
            "first_at": at,
            "last_at": at,
            "due_at": at + FIRST_RETRY,
        },
    )
    if not created:
        row.tries += 1
        row.code, row.message, row.last_at = error.code[:60], str(error)[:250], at
        row.due_at = at + min(FIRST_RETRY * 2 ** min(row.tries, 12), LONGEST_WAIT)
        row.save(update_fields=["tries", "code", "message", "last_at", "due_at"])
    return row


def forget_settled(*, invoice: Invoice) -> None:
    """Note that lines which are fulfilled by now need no further try; that there was trouble stays."""
    UnfulfilledLine.objects.filter(
        organization_id=invoice.organization_id, line__invoice=invoice, line__fulfilled_at__isnull=False
    ).update(due_at=None)


@transaction.atomic
def stop_trying(*, invoice: Invoice, line_ids: list[int]) -> None:
    """Take lines of `invoice` whose money is given back out of what is to be fulfilled."""
    lines = InvoiceLine.objects.filter(
        organization_id=invoice.organization_id, invoice=invoice, pk__in=line_ids
    )
    lines.update(counts=False)
    UnfulfilledLine.objects.filter(organization_id=invoice.organization_id, line__in=lines.order_by()).update(
        due_at=None
    )
