"""Why a saved means cannot be what products renew with (BIL-9, BIL-10, BIL-14)."""

from collections.abc import Sequence
from datetime import date

from django.utils.translation import gettext_lazy as _

from billing.payment_methods.models import PaymentMethod
from billing.payment_methods.selectors import disputed_ids
from billing.payments.next_means import takes
from manager.kit.errors import Text
from organizations.profile.models import Organization

EXPIRED = _("The card can no longer be charged.")
WRONG_CURRENCY = _("This means cannot be charged in the currency of the organization.")
DISPUTED = _("Its bank took a payment back or looks into one, so it is not charged by itself.")


def objections_to(
    methods: Sequence[PaymentMethod], *, organization: Organization, today: date
) -> dict[int, Text]:
    """Return by id why these means of the organization cannot be chosen; what can be is not in it."""
    disputed = disputed_ids(organization=organization)
    found: dict[int, Text] = {}
    for method in methods:
        if method.has_expired(today):
            found[method.pk] = EXPIRED
        elif not takes(method, organization.currency):
            found[method.pk] = WRONG_CURRENCY
        elif method.pk in disputed:
            found[method.pk] = DISPUTED
    return found
