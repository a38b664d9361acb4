"""Why a bank sent money back, in words instead of its code of ISO 20022 (BIL-7, BIL-17)."""

from django.utils.translation import gettext_lazy as _

from manager.kit.errors import Text

CODES: dict[str, Text] = {
    "AC01": _("The account number is not correct."),
    "AC03": _("The account number is not correct."),
    "AC04": _("The account is closed."),
    "AC06": _("The account is blocked."),
    "AG01": _("This account does not take transfers."),
    "BE01": _("The name does not belong to the account."),
    "BE04": _("The address of the account's holder is missing."),
    "CUST": _("The account's holder sent it back."),
    "FOCR": _("It was called back."),
    "MS02": _("The account's holder sent it back."),
    "MS03": _("The bank gave no reason."),
    "NARR": _("The bank gave no reason."),
    "RC01": _("The bank of the account is not known."),
}


def describe(reason: str) -> Text:
    """Return what a bank's code means; words that somebody wrote stay as they are."""
    return CODES.get(reason.strip().upper(), reason)
