"""A saved means was removed and another one named in its place (BIL-9)."""

from datetime import datetime

from django.db import transaction

from billing.payment_methods.models import PaymentMethod
from billing.prepaid.models import PrepaidSettings
from billing.renewals.models import Renewal, RenewalPreference
from billing.renewals.status import OPEN, RenewalStatus
from manager.kit.clock import day_in


@transaction.atomic
def replace_method(*, organization_id: int, removed_id: int, replacement_id: int, at: datetime) -> int:
    """Let products, planned renewals and the automatic top-up go on with the replacement.

    Returns how many products had the removed means fixed.

    A renewal that waits after a refusal of the removed means is tried again today. A replacement that was
    removed meanwhile changes nothing: the organization's default is charged.
    """
    method = PaymentMethod.objects.filter(
        organization_id=organization_id, pk=replacement_id, removed_at=None
    ).first()
    if method is None:
        return 0
    mine = Renewal.objects.filter(organization_id=organization_id, method_id=removed_id, status__in=OPEN)
    today = day_in(method.organization.time_zone, at)
    mine.filter(status=RenewalStatus.FAILED, next_attempt_on=None).update(
        method=method, next_attempt_on=today, lease_until=None
    )
    mine.update(method=method)
    if not method.is_prepaid:  # the balance is not topped up from itself
        PrepaidSettings.objects.filter(organization_id=organization_id, auto_method_id=removed_id).update(
            auto_method=method
        )
    fixed = RenewalPreference.objects.filter(organization_id=organization_id, method_id=removed_id)
    return fixed.update(method=method)
