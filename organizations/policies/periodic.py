"""The policies' part of the periodic work."""

import logging
from datetime import datetime, timedelta

from django.db.models import F, Q

from organizations.policies.models import SecondFactorPolicy
from organizations.policies.services.remind import REMINDER_DAYS, remind_members

logger = logging.getLogger(__name__)

# Zones are up to 14 hours ahead of UTC, and 12 behind it.
AROUND = timedelta(days=1)


def drain_factor_reminders(*, at: datetime) -> int:
    """Send the reminders of a required second factor that are due; return to how many members."""
    reminded = 0
    for organization_id in _find_due(at):
        try:
            reminded += remind_members(organization_id=organization_id, at=at)
        except Exception:  # one organization must not stop the others
            logger.exception("The members of organization %s could not be reminded.", organization_id)
    return reminded


def _find_due(at: datetime) -> list[int]:
    today = at.date()
    due = Q()
    for days in REMINDER_DAYS:
        soon = Q(required_on__gte=today - AROUND, required_on__lte=today + timedelta(days=days) + AROUND)
        due |= soon & (Q(reminded_days=None) | Q(reminded_days__gt=days))
    policies = SecondFactorPolicy.objects.using("system").filter(due).order_by(F("organization_id"))
    return list(policies.values_list("organization_id", flat=True))
