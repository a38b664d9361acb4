"""The days before an expiry on which something happens (PRD-8, BIL-11, BIL-12).

All days are dates in the organization's time zone. What happens on which day says `timeline`.
"""

from datetime import date, timedelta

from django.conf import settings
from django.utils.translation import gettext_lazy as _

from manager.kit.errors import Text

FIRST_CHARGE = 14
REMINDER_DAYS = (60, 30, 14, 7, 3, 1, 0)
CHARGE_DAYS = (FIRST_CHARGE, *settings.RENEWAL_RETRY_DAYS)
"""The first charge, then when a refused one is tried again: the operator's choice."""

TOO_LATE = _(
    "It expires in less than 14 days. Renew it first; automatic renewal then begins with the next period."
)
EXPIRED = _("It has expired. Renew it first; automatic renewal then begins with the next period.")


def next_attempt_after(expires_on: date, today: date) -> date | None:
    """Return the next day after `today` on which a refused charge is tried again, or None (BIL-11)."""
    days = sorted(expires_on - timedelta(days=count) for count in CHARGE_DAYS)
    return next((day for day in days if day > today), None)


def lateness_of(days_left: int | None) -> Text | None:
    """Return why it is too late to switch automatic renewal on for this period, or None (BIL-10)."""
    if days_left is None or days_left >= FIRST_CHARGE:
        return None
    return TOO_LATE if days_left > 0 else EXPIRED
