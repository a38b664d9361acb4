"""What a receiver outside of the members can get, and the life of one (ORG-11)."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Message(models.TextChoices):
    """A kind of billing message that can go to an address outside of the members.

    What asks somebody to act in the panel (approve a charge, a card that ends, a low balance) is none.
    """

    INVOICES = "invoices", _("Invoices, receipts and credit notes")
    REMINDERS = "reminders", _("Reminders and failed payments")
    BALANCE = "balance", _("Transfers and the prepaid account")


class ReceiverStatus(models.TextChoices):
    """Where a receiver stands."""

    WAITING = "waiting", _("Waits for the confirmation")
    ACTIVE = "active", _("Active")
    REFUSED = "refused", _("Wants no messages")


R = ReceiverStatus

TRANSITIONS: dict[str, frozenset[str]] = {
    R.WAITING: frozenset({R.ACTIVE, R.REFUSED}),
    R.ACTIVE: frozenset({R.REFUSED, R.WAITING}),  # asked anew before it gets more than it agreed to
    R.REFUSED: frozenset({R.ACTIVE}),  # by the receiver's own link only
}
