"""Look at an entry that was read: book what is certain, propose what is likely, leave the rest (BIL-17)."""

from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction

from billing.bank.matching import Match, due_amount, find_match
from billing.bank.models import StatementEntry
from billing.bank.services.book import EntryClosed, book_entry, lock_entry
from billing.bank.services.come_back import find_payout
from billing.bank.status import TRANSITIONS, EntryStatus, Why
from billing.invoices.models import Invoice
from manager.kit.actor import Actor
from manager.kit.due import is_due
from manager.kit.status import transition

LEASE = timedelta(seconds=120)
"""So long nobody else looks at an entry; what a killed worker leaves is taken up afterwards."""

PROPOSED_FROM = 40


def follow_entry(*, entry: StatementEntry, actor: Actor, at: datetime) -> bool:
    """Look at an entry, once, and return whether this call did.

    From `settings.BANK_BOOKED_FROM` on it is booked; a likely one is proposed to staff with its reason.
    """
    if not _take(entry, at):
        return False
    row = StatementEntry.objects.get(pk=entry.pk)
    if not row.is_credit or row.is_reversal or row.return_reason:
        _note(row, _of_way_back(row), at)
        return True
    match = find_match(row)
    if row.is_sum and not _is_exact(row, match):
        match = Match(Why.SUM_ONLY, 0, match.organization_id, match.invoice_id)
    if match.organization_id is None or match.confidence < settings.BANK_BOOKED_FROM:
        _note(row, match, at)
        return True
    StatementEntry.objects.filter(pk=row.pk).update(why=match.why, confidence=match.confidence)
    try:
        book_entry(
            entry=row,
            organization_id=match.organization_id,
            invoice_id=match.invoice_id,
            actor=actor,
            at=at,
        )
    except EntryClosed:
        return False
    return True


def find_original(entry: StatementEntry) -> StatementEntry | None:
    """Return the credit that the bank took back with `entry`, where exactly one can be meant."""
    booked = StatementEntry.objects.filter(
        is_credit=True, iban=entry.iban, currency=entry.currency, amount=entry.amount, reversed_by=None
    ).exclude(pk=entry.pk)
    for told in ("bank_reference", "end_to_end", "reference"):
        said = getattr(entry, told)
        found = list(booked.filter(**{told: said}).order_by("-pk")[:2]) if said else []
        if len(found) == 1:
            return found[0]
    return None


def _take(entry: StatementEntry, at: datetime) -> bool:
    with transaction.atomic(durable=True):
        waiting = StatementEntry.objects.filter(is_due("due_at", at), pk=entry.pk, status=EntryStatus.NEW)
        return bool(waiting.update(due_at=at + LEASE))


def _is_exact(row: StatementEntry, match: Match) -> bool:
    if match.invoice_id is None:
        return False
    invoice = Invoice.objects.using("system").get(pk=match.invoice_id)
    return due_amount(invoice) == row.paid.amount


def _of_way_back(row: StatementEntry) -> Match:
    if row.is_credit:
        return Match(Why.RETURNED)
    return Match(Why.REVERSAL if row.is_reversal or row.return_reason else Why.OUTGOING)


def _note(entry: StatementEntry, match: Match, at: datetime) -> None:
    """Leave an entry to staff, with the best guess; payments of ours are only kept."""
    with transaction.atomic(durable=True):
        row = lock_entry(entry)
        if row.status != EntryStatus.NEW:
            return
        row.why, row.confidence = match.why, match.confidence
        row.candidate_organization = match.organization_id
        row.candidate_invoice = match.invoice_id
        if match.why == Why.REVERSAL:
            row.reverses = find_original(row)
        elif match.why == Why.RETURNED and (payout := find_payout(row)) is not None:
            row.candidate_organization, row.candidate_withdrawal = payout.organization_id, payout.pk
            row.confidence = 100
        transition(row, _status_of(match), TRANSITIONS)
        row.save()


def _status_of(match: Match) -> EntryStatus:
    if match.why == Why.OUTGOING:
        return EntryStatus.OUTGOING
    likely = match.organization_id is not None and match.confidence >= PROPOSED_FROM
    return EntryStatus.PROPOSED if likely else EntryStatus.WAITING
