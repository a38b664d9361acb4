"""The days of automatic renewal (BIL-10, BIL-11), as pages, mails and the engine share them."""

from datetime import date, datetime, timedelta

from django.utils.translation import gettext_lazy as _

from manager.kit.clock import day_in
from manager.kit.errors import Text
from products.inventory.models import Product
from products.inventory.rules import CHARGE_DAYS, lateness_of
from products.inventory.status import RENEWABLE

# The first charge, and the last day on which the switch can still be set.
FIRST_CHARGE_DAYS = max(CHARGE_DAYS)

NO_MEANS = _("Save a card, TWINT, PayPal or the prepaid account as a means of payment first.")
NOT_RUNNING = _("Only a running product can be renewed by itself.")


def first_attempt_on(expires_on: date) -> date:
    """Return the day of the first charge: 14 days before the expiry."""
    return expires_on - timedelta(days=FIRST_CHARGE_DAYS)


def refusal_of(*, product: Product, has_means: bool, at: datetime) -> Text | None:
    """Return why automatic renewal cannot be switched on for `product`, or None if it can (BIL-10)."""
    if product.status not in RENEWABLE or product.expires_on is None:
        return NOT_RUNNING
    if not has_means:
        return NO_MEANS
    return lateness_of(product.days_left(day_in(product.organization.time_zone, at)))
