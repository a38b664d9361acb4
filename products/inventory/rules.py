"""The days before an expiry on which something happens (PRD-8, BIL-11, BIL-12).

All days are dates in the organization's time zone. What happens on which day says `timeline`.
"""

from django.conf import settings

FIRST_CHARGE = 14
REMINDER_DAYS = (60, 30, 14, 7, 3, 1, 0)
CHARGE_DAYS = (FIRST_CHARGE, *settings.RENEWAL_RETRY_DAYS)
"""The first charge, then when a refused one is tried again: the operator's choice."""
