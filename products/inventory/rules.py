"""The days before an expiry on which something happens (PRD-8, BIL-11, BIL-12).

All days are dates in the organization's time zone. What happens on which day says `timeline`.
"""

REMINDER_DAYS = (60, 30, 14, 7, 3, 1, 0)
CHARGE_DAYS = (14, 7, 3, 1, 0)
