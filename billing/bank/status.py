"""The life of an entry of a statement (BIL-17)."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class EntryStatus(models.TextChoices):
    """Where an entry stands."""

    NEW = "new", _("Read, not looked at yet")
    WAITING = "waiting", _("Waits for staff")
    PROPOSED = "proposed", _("Proposal to confirm")
    BOOKED = "booked", _("Booked")
    NOT_OURS = "not_ours", _("Not ours")
    OUTGOING = "outgoing", _("Payment of ours")
    REPLACED = "replaced", _("Replaced by its details")


S = EntryStatus

TRANSITIONS: dict[str, frozenset[str]] = {
    S.NEW: frozenset({S.WAITING, S.PROPOSED, S.BOOKED, S.OUTGOING, S.REPLACED}),
    S.WAITING: frozenset({S.PROPOSED, S.BOOKED, S.NOT_OURS, S.REPLACED}),
    S.PROPOSED: frozenset({S.WAITING, S.PROPOSED, S.BOOKED, S.NOT_OURS, S.REPLACED}),
    S.OUTGOING: frozenset({S.WAITING}),
    S.NOT_OURS: frozenset({S.WAITING}),
    S.BOOKED: frozenset(),
    S.REPLACED: frozenset(),
}

OPEN = frozenset({S.NEW, S.WAITING, S.PROPOSED})
"""Nothing is booked yet, and somebody or something has to look."""

FOR_STAFF = frozenset({S.WAITING, S.PROPOSED})


class Why(models.TextChoices):
    """Why an entry is matched as it is, or why it waits."""

    NONE = "", _("Not looked at yet")
    QR_REFERENCE = "qr_reference", _("QR reference")
    CREDITOR_REFERENCE = "creditor_reference", _("Creditor reference")
    REFERENCE_IN_TEXT = "reference_in_text", _("Reference found in the text")
    NUMBER_IN_TEXT = "number_in_text", _("Invoice number found in the text")
    AMOUNT_AND_NAME = "amount_and_name", _("Amount and name agree")
    AMOUNT = "amount", _("Amount agrees, the name does not")
    BY_HAND = "by_hand", _("Assigned by hand")
    OTHER_CURRENCY = "other_currency", _("The currency is not that of the invoice")
    OTHER_ENTITY = "other_entity", _("The account is of another company than the invoice")
    UNKNOWN_REFERENCE = "unknown_reference", _("The reference names nothing that exists")
    FOREIGN_REFERENCE = "foreign_reference", _("The reference is not one of ours")
    SEVERAL = "several", _("Several invoices are named")
    NOTHING_FOUND = "nothing_found", _("Nothing fits")
    SUM_ONLY = "sum_only", _("A batch without its details")
    REVERSAL = "reversal", _("The bank has taken a payment back")
    RETURNED = "returned", _("A payment of ours came back")
    OUTGOING = "outgoing", _("Money went out")
    SHORT = "short", _("The balance does not allow it")


class Received(models.TextChoices):
    """What became of money that was booked."""

    SETTLED = "settled", _("Invoice paid")
    PART = "part", _("Part of an invoice")
    BALANCE = "balance", _("Prepaid account")
    TAKEN_BACK = "taken_back", _("Taken back")


class Source(models.TextChoices):
    """How a file came."""

    UPLOAD = "upload", _("Uploaded")
    FOLDER = "folder", _("Drop folder")
    COMMAND = "command", _("Command")
