"""Open a case: the owner is to be reached by mail, SMS, phone and letter (PRD-12)."""

from datetime import datetime, timedelta

from django.db import transaction

from manager.kit.actor import Actor
from manager.kit.clock import day_in
from organizations.audit.services import record_audit
from products.inventory.models import Product
from products.warranty.models import ContactTask, WarrantyCase
from products.warranty.selectors import renewed_on
from products.warranty.status import Means

# Days after the case was opened, at the latest on the day on which the operator renews.
DUE_AFTER = {Means.MAIL: 0, Means.SMS: 2, Means.PHONE: 4, Means.LETTER: 5}


@transaction.atomic
def open_case(*, product: Product, actor: Actor, at: datetime) -> WarrantyCase | None:
    """Open the case of an unpaid product and its expiry; None if it has one already or is not expired."""
    renew_on = renewed_on(product)
    if renew_on is None or product.expires_on is None:
        return None
    case, is_new = WarrantyCase.objects.get_or_create(
        organization_id=product.organization_id,
        product=product,
        expired_on=product.expires_on,
        defaults={"product_name": product.name, "renew_on": renew_on, "opened_at": at},
    )
    if not is_new:
        return None
    today = day_in(product.organization.time_zone, at)
    ContactTask.objects.bulk_create(
        ContactTask(
            organization_id=product.organization_id,
            case=case,
            means=means,
            due_on=max(today, min(today + timedelta(days=days), renew_on)),
        )
        for means, days in DUE_AFTER.items()
    )
    record_audit(
        organization_id=product.organization_id, name="warranty.opened", actor=actor, at=at, subject=product
    )
    return case
