"""What a movement of the prepaid account is called, by the kind of its journal (BIL-7)."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

KINDS: dict[str, Promise] = {
    "top_up": _("Top-up"),
    "invoice_paid": _("Invoice paid"),
    "reserved": _("Set aside for an invoice"),
    "released": _("No longer set aside"),
    "refund": _("Refund"),
    "late_payment": _("Payment that was no longer needed"),
    "not_carried_out": _("Paid for what could not be carried out"),
    "change_credit": _("Change of an offer"),
    "withdrawal": _("Withdrawal"),
    "withdrawal_back": _("Withdrawal that came back"),
    "transfer_taken_back": _("Transfer taken back by the bank"),
}


def name_of(kind: str, description: str = "") -> str:
    """Return what a movement of `kind` is called; an unknown one by its own description."""
    return str(KINDS.get(kind, description or kind))
