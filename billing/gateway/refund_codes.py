"""Why a provider did not give money back, in words for staff, who see its code beside them (BIL-14).

The codes are those of Stripe (https://docs.stripe.com/refunds); PostFinance names its reasons by numbers.
"""

from django.utils.translation import gettext_lazy as _

from manager.kit.errors import Text

WAS_DISPUTED = _("The payment was disputed.")
MESSAGES: dict[str, Text] = {
    "charge_already_refunded": _("It was given back at the provider itself."),
    "charge_disputed": WAS_DISPUTED,
    "charge_for_pending_refund_disputed": WAS_DISPUTED,
    "expired_or_canceled_card": _("The card has expired or was cancelled."),
    "insufficient_funds": _("There was not enough money at the provider."),
    "lost_or_stolen_card": _("The card was reported lost or stolen."),
}
OTHERWISE = _("The means of payment did not take the money back.")


def describe_refund_code(code: str) -> Text:
    """Return what a code means, the same for all that are in no table; "" where there is none."""
    return MESSAGES.get(code, OTHERWISE) if code else ""
