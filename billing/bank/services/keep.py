"""Keep a file of the bank: all of it in one commit, and what is known already not again (BIL-17)."""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime

from django.db import connection, transaction
from django.utils.translation import gettext_lazy as _

from billing.bank.camt import Booking, CamtFile, Detail, StatementInvalid, read_camt
from billing.bank.identity import Identities, day_of
from billing.bank.models import Statement, StatementEntry
from billing.bank.services.refused import note_refused
from billing.bank.status import OPEN, TRANSITIONS, EntryStatus, Source
from billing.profiles.models import LegalEntity
from billing.transfer.models import SellerAccount
from manager.kit.actor import Actor
from manager.kit.errors import DomainError
from manager.kit.fields import CURRENCIES
from manager.kit.nudge import nudge
from manager.kit.status import transition

IMPORT_LOCK = 5_320_054
"""Files are kept one after the other, so that two that tell of the same entries cannot both bring them."""

NAME = "bank"
"""The periodic work that looks at what was kept."""


class AccountUnknown(StatementInvalid):
    """The file is of an account on which we take no transfers."""

    code = "statement_account_unknown"
    message = _("This statement is not of one of our accounts.")


@dataclass(frozen=True, slots=True)
class Kept:
    """A file that was kept: `is_new` is False where the very same one was here before."""

    statement: Statement
    is_new: bool
    entries: int = 0


@dataclass(slots=True)
class _Sorted:
    """The bookings of a file, sorted into what is new and what is known."""

    new: list[StatementEntry] = field(default_factory=list)
    known: int = 0
    pending: int = 0


def import_statement(*, content: bytes, name: str, source: Source, actor: Actor, at: datetime) -> Kept:
    """Keep a file and its entries, in one commit, and wake the work that looks at them (BIL-17).

    The same file again changes nothing. An entry that another file has brought is not brought again; a sum
    without its transactions gives way to them as long as nothing was booked. That a file was refused, and
    why, is kept for staff.

    :raises StatementInvalid: the file cannot be read, or says too little; nothing is kept of it.
    :raises AccountUnknown: it is of another account than ours; nothing is kept of it.
    """
    try:
        return _import(content, name, source, actor, at)
    except DomainError as refusal:
        note_refused(content=content, name=name, source=source, refusal=refusal, actor=actor, at=at)
        raise


def _import(content: bytes, name: str, source: Source, actor: Actor, at: datetime) -> Kept:
    digest = hashlib.sha256(content).hexdigest()
    known = Statement.objects.filter(digest=digest).first()
    if known is not None:
        return Kept(known, is_new=False)
    file = read_camt(content)
    owners = _owners(file)
    with transaction.atomic(durable=True):
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [IMPORT_LOCK])
        known = Statement.objects.filter(digest=digest).first()
        if known is not None:
            return Kept(known, is_new=False)
        statement = Statement.objects.create(
            digest=digest,
            file_name=name[-200:],
            source=source,
            kind=file.kind,
            version=file.version,
            message_id=file.message_id,
            accounts=list(file.accounts),
            imported_at=at,
            imported_by=actor.user_id,
            imported_by_name=actor.name[:200],
        )
        found = _sort(file.bookings, statement, owners, at)
        StatementEntry.objects.bulk_create(found.new, batch_size=500)
        statement.known_count, statement.pending_count = found.known, found.pending
        statement.save(update_fields=["known_count", "pending_count"])
        nudge(NAME)
    return Kept(statement, is_new=True, entries=len(found.new))


def _owners(file: CamtFile) -> dict[str, LegalEntity]:
    """Return the company of each account of the file, by its IBAN or QR-IBAN."""
    ours: dict[str, LegalEntity] = {}
    for account in SellerAccount.objects.select_related("legal_entity"):
        ours |= {iban: account.legal_entity for iban in (account.iban, account.qr_iban) if iban}
    for iban in file.accounts:
        if iban not in ours:
            raise AccountUnknown(_("%(iban)s is not one of our accounts.") % {"iban": iban[:34]})
    currencies = {code for code, _label in CURRENCIES}
    for booking in file.bookings:
        if booking.is_booked and (booking.currency not in currencies or not booking.amount):
            raise StatementInvalid(_("An entry is over nothing, or in a currency that we do not keep."))
    return ours


def _sort(
    bookings: Iterable[Booking], statement: Statement, owners: dict[str, LegalEntity], at: datetime
) -> _Sorted:
    found = _Sorted()
    identities = Identities()
    booked = [booking for booking in bookings if booking.is_booked]
    found.pending = sum(not booking.is_booked for booking in bookings)
    keys = [identities.of_booking(booking) for booking in booked]
    names = [identities.of_details(one, key) for one, key in zip(booked, keys, strict=True)]
    present = _present(keys, [name for some in names for name in some])
    for booking, key, details in zip(booked, keys, names, strict=True):
        rows = _rows_of(booking, key, details)
        fresh = _only_new(rows, booking, present)
        found.known += not fresh
        for row in fresh:
            row.statement, row.legal_entity = statement, owners[booking.iban]
            row.due_at = at
            present.add(row)
        found.new += fresh
    return found


class _Present:
    """The entries that are known, by their identity and by their booking."""

    def __init__(self, rows: Iterable[StatementEntry]) -> None:
        self.identities: set[str] = set()
        self.bookings: dict[str, list[StatementEntry]] = {}
        for row in rows:
            self.add(row)

    def add(self, row: StatementEntry) -> None:
        """Know one more."""
        self.identities.add(row.identity)
        self.bookings.setdefault(row.booking, []).append(row)


def _present(keys: list[str], identities: list[str]) -> _Present:
    rows = StatementEntry.objects.select_for_update().order_by("pk")
    by_booking = list(rows.filter(booking__in=keys))
    seen = {row.pk for row in by_booking}
    others = [row for row in rows.filter(identity__in=identities) if row.pk not in seen]
    return _Present([*by_booking, *others])


def _only_new(rows: list[StatementEntry], booking: Booking, present: _Present) -> list[StatementEntry]:
    """Return those of a booking's `rows` that no file has brought yet."""
    known = [row for row in present.bookings.get(rows[0].booking, []) if row.status != EntryStatus.REPLACED]
    fresh = [row for row in rows if row.identity not in present.identities]
    if not known or not fresh:
        return fresh
    sums = [row for row in known if row.is_sum]
    if rows[0].is_sum or any(row.status not in OPEN for row in sums):
        return []  # its transactions are known, or the sum was decided upon already
    for row in sums:
        transition(row, EntryStatus.REPLACED, TRANSITIONS)
        if row.pk is not None:  # else it is of this very file, and stored like this
            row.save(update_fields=["status"])
    rest = booking.amount - sum(row.amount for row in known if not row.is_sum)
    return fresh if sum(row.amount for row in fresh) <= rest else []


def _rows_of(booking: Booking, key: str, identities: list[str]) -> list[StatementEntry]:
    details = booking.details or (
        Detail(
            amount=booking.amount,
            charges=booking.charges,
            text=booking.text,
            bank_reference=booking.bank_reference,
        ),
    )
    return [
        StatementEntry(
            identity=identity,
            booking=key,
            is_sum=not booking.details,
            iban=booking.iban,
            currency=booking.currency,
            is_credit=booking.is_credit,
            is_reversal=booking.is_reversal,
            booked_on=booking.booked_on or day_of(booking),
            value_on=day_of(booking),
            amount=detail.amount,
            charges=detail.charges,
            reference=detail.reference,
            text=(detail.text or booking.text)[:500],
            name=detail.name,
            name_iban=detail.name_iban[:34],
            end_to_end=detail.end_to_end,
            bank_reference=detail.bank_reference or booking.bank_reference,
            instructed=detail.instructed,
            return_reason=detail.return_reason,
        )
        for identity, detail in zip(identities or [key], details, strict=True)
    ]
