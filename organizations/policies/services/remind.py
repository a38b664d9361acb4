"""Remind members who have no second factor of the day from which they need one."""

from datetime import datetime

from django.db import transaction

from manager.kit.clock import day_in
from manager.kit.scope import tenant_scope
from manager.outbox.publish import publish
from organizations.members.factors import without_factor
from organizations.members.models import Membership
from organizations.policies.models import SecondFactorPolicy
from organizations.profile.models import Organization

REMINDER_DAYS = (14, 7, 1)
"""So many days before the day, members without a second factor are reminded."""


def step_at(days_left: int) -> int | None:
    """Return the latest reminder that belongs to the time with `days_left` days to go, or None."""
    due = [days for days in REMINDER_DAYS if days_left <= days]
    return due[-1] if due and days_left >= 1 else None


def remind_members(*, organization_id: int, at: datetime) -> int:
    """Send the reminder that is due, if any; return how many members it goes to.

    Publishes `second_factor.reminded` for each, in the transaction that notes the reminder as sent, so that
    it goes out exactly once.
    """
    with tenant_scope(organization_id), transaction.atomic():
        policy = (
            SecondFactorPolicy.objects.select_for_update().filter(organization_id=organization_id).first()
        )
        if policy is None:
            return 0
        zone = Organization.objects.values_list("time_zone", flat=True).get(pk=organization_id)
        days = step_at((policy.required_on - day_in(zone, at)).days)
        # Of several that were missed the latest goes out, alone.
        if days is None or (policy.reminded_days is not None and policy.reminded_days <= days):
            return 0
        policy.reminded_days = days
        policy.save(update_fields=["reminded_days"])
        missing = Membership.objects.filter(
            without_factor(), organization_id=organization_id, role__in=policy.roles, user__is_active=True
        )
        people = list(missing.order_by("id").values_list("user_id", flat=True))
        for user_id in people:
            publish(
                "second_factor.reminded",
                organization_id=organization_id,
                payload={"user": user_id, "required_on": policy.required_on.isoformat()},
                at=at,
            )
        return len(people)
