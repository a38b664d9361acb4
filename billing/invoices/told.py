"""What documents keep in their own language, for readers of another one (UI-4, BIL-6)."""

from django.utils.translation import gettext_noop

from manager.kit.retold import retell

MEANS = (gettext_noop("Prepaid account"), gettext_noop("Bank transfer"), gettext_noop("Card"))
REASONS = (
    gettext_noop("What this invoice pays for could not be carried out any more."),
    gettext_noop("Somebody else registered %(names)s before this payment."),
    gettext_noop("Change of the offer of %(product)s"),
    gettext_noop("Order %(number)s was cancelled."),
)


def tell_means(paid_with: str) -> str:
    """Return what an invoice was paid with in the active language."""
    sums = [part.split(" / ") for part in paid_with.split(" + ")]
    return " + ".join(" / ".join(retell(name, MEANS) for name in names) for names in sums)


def tell_reason(reason: str) -> str:
    """Return the reason of a credit note in the active language; one that a person wrote stays as it is."""
    return retell(reason, REASONS)
