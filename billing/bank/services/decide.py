"""What staff decide about an entry: whose it is, that it is not ours, or that it is open again (BIL-17)."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from billing.bank.models import BankReceipt, StatementEntry
from billing.bank.services.book import EntryClosed, book_entry, lock_entry
from billing.bank.services.journal import note_decision
from billing.bank.status import FOR_STAFF, TRANSITIONS, EntryStatus, Why
from billing.invoices.models import Invoice
from manager.kit.actor import Actor
from manager.kit.errors import DomainError
from manager.kit.status import transition
from organizations.profile.models import Organization


class NothingProposed(DomainError):
    """There is no proposal that could be confirmed."""

    code = "nothing_proposed"
    message = _("There is no proposal to confirm. Please assign the payment first.")


class ReasonMissing(DomainError):
    """Who sets a payment aside says why."""

    code = "reason_missing"
    status = 422
    field = "reason"
    message = _("Please say why, in a few words.")


class OtherCurrency(DomainError):
    """Money of one currency pays nothing in another."""

    code = "other_currency"
    status = 422
    field = "invoice"
    message = _("The payment and the invoice are in different currencies.")


@transaction.atomic
def assign_entry(
    *, entry: StatementEntry, organization: Organization, invoice: Invoice | None, actor: Actor, at: datetime
) -> StatementEntry:
    """Propose by hand whose money it is: an invoice's, or an organization's prepaid account.

    Nothing is booked until it is confirmed.

    :raises EntryClosed: it does not wait for staff.
    :raises OtherCurrency: the invoice or the organization has another currency.
    """
    row = _lock_waiting(entry)
    if not row.is_credit:
        raise EntryClosed
    if row.currency != (invoice.currency if invoice else organization.currency):
        raise OtherCurrency(field="invoice" if invoice else "organization")
    row.candidate_organization = organization.pk
    row.candidate_invoice = invoice.pk if invoice else None
    row.why, row.confidence = Why.BY_HAND, 100
    transition(row, EntryStatus.PROPOSED, TRANSITIONS)
    row.save()
    note_decision(row, "assigned", actor, at, organization=organization.pk, invoice=row.candidate_invoice)
    return row


def confirm_entry(*, entry: StatementEntry, actor: Actor, at: datetime) -> BankReceipt:
    """Book what is proposed (BIL-17). Runs outside of a transaction, as another payment may be closed before.

    :raises NothingProposed: there is no proposal.
    :raises EntryClosed: somebody was faster.
    """
    row = StatementEntry.objects.get(pk=entry.pk)
    if row.status != EntryStatus.PROPOSED or row.candidate_organization is None:
        raise EntryClosed if row.status not in FOR_STAFF else NothingProposed
    return book_entry(
        entry=row,
        organization_id=row.candidate_organization,
        invoice_id=row.candidate_invoice,
        actor=actor,
        at=at,
    )


@transaction.atomic
def set_aside(*, entry: StatementEntry, reason: str, actor: Actor, at: datetime) -> StatementEntry:
    """Say that an entry is none of ours, and why; nothing is booked.

    :raises ReasonMissing: no reason was given.
    :raises EntryClosed: it does not wait for staff.
    """
    if not reason.strip():
        raise ReasonMissing
    row = _lock_waiting(entry)
    transition(row, EntryStatus.NOT_OURS, TRANSITIONS)
    row.save(update_fields=["status"])
    note_decision(row, "set_aside", actor, at, reason=reason)
    return row


@transaction.atomic
def reset_entry(*, entry: StatementEntry, actor: Actor, at: datetime) -> StatementEntry:
    """Open an entry again as long as nothing was booked: without a proposal, it waits for staff.

    :raises EntryClosed: it is booked, or waits already.
    """
    row = lock_entry(entry)
    if row.status not in {EntryStatus.PROPOSED, EntryStatus.NOT_OURS, EntryStatus.OUTGOING}:
        raise EntryClosed
    transition(row, EntryStatus.WAITING, TRANSITIONS)
    row.candidate_organization = row.candidate_invoice = None
    row.why, row.confidence = Why.NOTHING_FOUND, 0
    row.save()
    note_decision(row, "reset", actor, at)
    return row


def _lock_waiting(entry: StatementEntry) -> StatementEntry:
    row = lock_entry(entry)
    if row.status not in FOR_STAFF:
        raise EntryClosed
    return row
