"""Cards that end: their owners are told 30 and 7 days before, once for each end (BIL-9)."""

from datetime import date, datetime, timedelta

from django.db import transaction

from billing.payment_methods.models import ExpiryNotice, PaymentMethod
from billing.payment_methods.services import lock_methods
from manager.outbox.publish import publish

TOLD_BEFORE = (30, 7)


def find_to_tell(*, today: date) -> list[int]:
    """Return the organizations with a card that ends within 30 days and whose notice is missing."""
    told = ExpiryNotice.objects.using("system").values_list("method_id", "ends_on", "days")
    soon = PaymentMethod.objects.using("system").filter(
        removed_at=None, expiry_year__in={today.year, (today + timedelta(days=max(TOLD_BEFORE))).year}
    )
    known = set(told.filter(ends_on__gte=today))
    return sorted(
        {
            row.organization_id
            for row in soon
            if (days := due_notice(row, today)) and (row.pk, row.ends_on, days) not in known
        }
    )


def due_notice(method: PaymentMethod, today: date) -> int | None:
    """Return which notice is due: that of 30 or of 7 days; None before, and after the card has ended."""
    if method.ends_on is None:
        return None
    left = (method.ends_on - today).days
    return min((days for days in TOLD_BEFORE if 0 <= left <= days), default=None)


@transaction.atomic
def tell_of_ending_cards(*, organization_id: int, today: date, at: datetime) -> int:
    """Note which cards of an organization end, all in one event, and return how many.

    Publishes `payment_method.expires_soon`. Who asks again, or at the same moment, finds nothing.
    """
    lock_methods(organization_id)
    told = []
    for method in PaymentMethod.objects.filter(organization_id=organization_id, removed_at=None):
        days = due_notice(method, today)
        if days is None or method.ends_on is None:
            continue
        _row, is_new = ExpiryNotice.objects.get_or_create(
            organization_id=organization_id,
            method=method,
            ends_on=method.ends_on,
            days=days,
            defaults={"created_at": at},
        )
        if is_new:
            told.append(method.pk)
    if told:
        publish(
            "payment_method.expires_soon", organization_id=organization_id, payload={"methods": told}, at=at
        )
    return len(told)
