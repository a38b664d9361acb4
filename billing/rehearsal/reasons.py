"""Why a coming charge will fail, in words, and what mends it (BIL-11)."""

from dataclasses import dataclass

from django.db import models
from django.utils.translation import gettext_lazy as _

from manager.kit.errors import Text


class Reason(models.TextChoices):
    """What is in the way of a charge."""

    NO_MEANS = "no_means", _("No means of payment")
    CARD_EXPIRED = "card_expired", _("Card has expired")
    CARD_ENDS = "card_ends", _("Card ends before the charge")
    WRONG_CURRENCY = "wrong_currency", _("Means does not take the currency")
    DISPUTED = "disputed", _("A payment by this means was taken back")
    REFUSED = "refused", _("Refused for good by its bank")
    BALANCE_LOW = "balance_low", _("Balance too low")
    TOO_LATE = "too_late", _("Expires soon and does not renew by itself")
    ADDRESS = "address", _("Billing address not complete")
    NO_CONTACT = "no_contact", _("Nobody gets the billing messages")
    NO_VAT = "no_vat", _("VAT not known for the address")
    NO_PRICE = "no_price", _("No price for the next period")
    LEFT_OUT = "left_out", _("In quarantine")


R = Reason

NOT_MAILED = frozenset({R.TOO_LATE, R.NO_CONTACT, R.LEFT_OUT})
"""The reminders tell of what expires; the last two cannot be mended by who would read the mail."""


@dataclass(frozen=True, slots=True)
class Mending:
    """What a customer can do: what it means, the route that mends it with its button, "" where staff do."""

    text: Text
    route: str = ""
    label: Text = ""


_OURS = _("You need not do anything: we are told of it and look into it.")

MENDINGS: dict[str, Mending] = {
    R.NO_MEANS: Mending(
        _("Nothing is saved that could be charged."), "billing:payment_methods", _("Add a means")
    ),
    R.CARD_EXPIRED: Mending(
        _("The card can no longer be charged."), "billing:payment_methods", _("Add a card")
    ),
    R.CARD_ENDS: Mending(
        _("The card will have expired by the day of the charge."), "billing:payment_methods", _("Add a card")
    ),
    R.WRONG_CURRENCY: Mending(
        _("This means cannot be charged in the currency of the organization."),
        "billing:payment_methods",
        _("Choose another means"),
    ),
    R.DISPUTED: Mending(
        _("Its bank took a payment back or looks into one, so it is not charged by itself."),
        "billing:payment_methods",
        _("Choose another means"),
    ),
    R.REFUSED: Mending(
        _("Its bank refused the last charge for good, so the next one will not succeed either."),
        "billing:payment_methods",
        _("Choose another means"),
    ),
    R.BALANCE_LOW: Mending(
        _("What is on the prepaid account does not last until then."), "billing:prepaid", _("Top up")
    ),
    R.TOO_LATE: Mending(
        _("It is too late to switch automatic renewal on for this period."), "billing:to_pay", _("Pay now")
    ),
    R.ADDRESS: Mending(
        _("An invoice needs name, street, postal code, city and country."),
        "billing:billing_addresses",
        _("Complete the address"),
    ),
    R.NO_CONTACT: Mending(
        _("No active member would hear of an invoice or of a charge that was refused."),
        "organizations:members",
        _("Choose who gets them"),
    ),
    R.NO_VAT: Mending(
        _("No rate of VAT is known for the country of the billing address."),
        "billing:billing_addresses",
        _("Check the address"),
    ),
    R.NO_PRICE: Mending(_OURS),
    R.LEFT_OUT: Mending(_OURS),
}
