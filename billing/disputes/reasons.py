"""Why a payer's bank disputes a charge, in words instead of the provider's own vocabulary (BIL-14)."""

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from manager.kit.errors import Text

OTHER: Text = pgettext_lazy("a dispute", "Another reason")

REASONS: dict[str, Text] = {
    "bank_cannot_process": _("The bank could not carry the payment out"),
    "check_returned": _("The cheque came back"),
    "credit_not_processed": _("A promised refund did not arrive"),
    "customer_initiated": _("The customer takes the payment back"),
    "debit_not_authorized": _("The customer did not allow the debit"),
    "duplicate": _("Charged twice"),
    "fraudulent": _("The card's owner did not order it"),
    "general": OTHER,
    "incorrect_account_details": _("The account number was wrong"),
    "insufficient_funds": _("Not enough money on the account"),
    "noncompliant": _("The rules of the card network were not kept"),
    "product_not_received": _("What was ordered was not received"),
    "product_unacceptable": _("What was ordered is not as described"),
    "subscription_canceled": _("The customer had cancelled before"),
    "unrecognized": _("The customer does not recognize the payment"),
}


def describe_reason(code: str) -> Text:
    """Return the provider's word for a reason as people say it; what is new to us is another reason."""
    return REASONS.get(code, OTHER)
