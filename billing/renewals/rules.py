"""The days of automatic renewal (BIL-10, BIL-11), as pages, mails and the engine share them."""

from datetime import date, timedelta

from products.inventory.rules import CHARGE_DAYS

# The first charge, and the last day on which the switch can still be set.
FIRST_CHARGE_DAYS = max(CHARGE_DAYS)


def first_attempt_on(expires_on: date) -> date:
    """Return the day of the first charge: 14 days before the expiry."""
    return expires_on - timedelta(days=FIRST_CHARGE_DAYS)


def next_attempt_after(expires_on: date, today: date) -> date | None:
    """Return the next day after `today` on which a refused charge is tried again, or None."""
    days = sorted(expires_on - timedelta(days=count) for count in CHARGE_DAYS)
    return next((day for day in days if day > today), None)
