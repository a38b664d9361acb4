"""The bank took a transfer back: so much is taken off the prepaid account, where that allows it (BIL-17)."""

from datetime import datetime

from django.db import IntegrityError, transaction
from django.utils import translation
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from billing.bank.models import BankReceipt, StatementEntry
from billing.bank.services.book import EntryClosed, lock_entry
from billing.bank.services.journal import note_decision
from billing.bank.status import FOR_STAFF, TRANSITIONS, EntryStatus, Received, Why
from billing.ledger.models import AccountKind
from billing.ledger.services import post_journal
from billing.reservations.services import release_reservations
from manager.kit.actor import Actor
from manager.kit.errors import DomainError
from manager.kit.scope import tenant_scope
from manager.kit.status import transition
from manager.outbox.publish import publish
from organizations.audit.services import record_audit

NOT_BELOW_ZERO = "prepaid_not_negative"


class NothingToTakeBack(DomainError):
    """It is not known which transfer the bank means, or that one was never booked."""

    code = "nothing_to_take_back"
    message = _("It is not known which booked transfer the bank took back.")


class BalanceTooSmall(DomainError):
    """What the transfer paid is used, and the prepaid account does not hold as much."""

    code = "balance_too_small"
    message = _("The prepaid account does not hold that much. Please agree with the customer first.")


def take_back_transfer(*, entry: StatementEntry, actor: Actor, at: datetime) -> BankReceipt:
    """Take the money of a transfer that the bank reversed off the prepaid account of whom it was booked for.

    What it had set aside for an invoice becomes balance first. An invoice that is paid stays paid: its money
    comes off the balance, too. Publishes `transfer.taken_back`.

    :raises EntryClosed: the reversal is dealt with.
    :raises NothingToTakeBack: no booked transfer is known to be meant.
    :raises BalanceTooSmall: the prepaid account would fall below zero; nothing changes.
    """
    original = entry.reverses
    booked = BankReceipt.objects.using("system").filter(entry=original).first() if original else None
    if booked is None or booked.kind == Received.TAKEN_BACK:
        raise NothingToTakeBack
    try:
        with tenant_scope(booked.organization_id), transaction.atomic(durable=True):
            row = lock_entry(entry)
            if row.status not in FOR_STAFF or row.is_credit:
                raise EntryClosed
            receipt = _post(row, booked.pk, booked.organization_id, at)
            row.candidate_organization, row.candidate_invoice = receipt.organization_id, receipt.invoice_id
            row.why = Why.REVERSAL
            transition(row, EntryStatus.BOOKED, TRANSITIONS)
            row.save()
            note_decision(row, "taken_back", actor, at, organization=receipt.organization_id)
            _tell(receipt, actor, at)
    except IntegrityError as error:
        if NOT_BELOW_ZERO in str(error):
            raise BalanceTooSmall from error
        raise
    return receipt


def _post(row: StatementEntry, booked_id: int, organization_id: int, at: datetime) -> BankReceipt:
    booked = BankReceipt.objects.select_related("organization", "invoice", "entry").get(
        organization_id=organization_id, pk=booked_id
    )
    if booked.invoice is not None and booked.kind == Received.PART:
        release_reservations(invoice=booked.invoice, at=at, key=booked.entry.ledger_reference)
    with translation.override(booked.organization.language):
        text = gettext("Transfer taken back by the bank")
    post_journal(
        organization=booked.organization,
        reference=row.ledger_reference,
        kind="transfer_taken_back",
        currency=row.currency,
        invoice_id=None,
        description=text,
        entries=[(AccountKind.PREPAID, -row.amount), (AccountKind.BANK, row.amount)],
        at=at,
    )
    return BankReceipt.objects.create(
        organization=booked.organization,
        entry=row,
        invoice=booked.invoice,
        kind=Received.TAKEN_BACK,
        amount=row.amount,
        to_balance=row.amount,
        currency=row.currency,
        received_on=row.value_on,
        payer=booked.payer,
        booked_at=at,
    )


def _tell(receipt: BankReceipt, actor: Actor, at: datetime) -> None:
    facts = {"receipt": receipt.pk, "amount": receipt.amount, "currency": receipt.currency}
    record_audit(
        organization_id=receipt.organization_id,
        name="transfer.taken_back",
        actor=actor,
        at=at,
        subject=receipt,
        **facts,
    )
    publish("transfer.taken_back", organization_id=receipt.organization_id, payload=facts, at=at)
