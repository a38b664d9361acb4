"""Why a file of the bank was refused, for a reader of another language than who gave it (BIL-17, UI-4)."""

from django.utils.translation import gettext_noop

from manager.kit.retold import retell

REASONS = (
    gettext_noop("This is not a complete bank statement."),
    gettext_noop("The file is empty."),
    gettext_noop("The file is larger than 10 MB. Please ask the bank for shorter periods."),
    gettext_noop("Only camt.053 and camt.054 in the versions 02, 04 and 08 can be read."),
    gettext_noop("This statement is not of one of our accounts."),
    gettext_noop("%(iban)s is not one of our accounts."),
    gettext_noop("An entry is over nothing, or in a currency that we do not keep."),
    gettext_noop("The file declares a document type or entities, which a bank statement never does."),
    gettext_noop("The file is not XML, is cut off, or is in a wrong encoding."),
    gettext_noop("The file holds no statement."),
    gettext_noop("The file holds more than 50,000 entries."),
    gettext_noop("A statement does not name its account by an IBAN."),
    gettext_noop("An entry does not say whether it is booked."),
    gettext_noop("A booked entry has no date."),
    gettext_noop("An entry says neither credit nor debit."),
    gettext_noop("An amount cannot be read: “%(text)s”."),
    gettext_noop("A date cannot be read: “%(text)s”."),
)


def tell_refusal(reason: str) -> str:
    """Return why a file was refused in the active language, whatever language it was noted in."""
    return retell(reason, REASONS)
