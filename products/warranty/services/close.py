"""Close a case: the owner renewed, or there is nothing to renew any more."""

from datetime import datetime

from django.db import transaction

from manager.kit.actor import Actor
from manager.kit.status import transition
from organizations.audit.services import record_audit
from products.warranty.models import ContactTask, WarrantyCase
from products.warranty.status import TRANSITIONS, Outcome


@transaction.atomic
def close_case(*, case: WarrantyCase, status: str, actor: Actor, at: datetime) -> WarrantyCase:
    """Close an open case as `status`; contacts that were not made are not needed any more.

    After a renewal at the operator's risk they are: the owner is to know of it, so they stay.

    :raises IllegalTransition: it is closed.
    """
    row = WarrantyCase.objects.select_for_update().get(organization_id=case.organization_id, pk=case.pk)
    transition(row, status, TRANSITIONS)
    row.closed_at = at
    row.last_error = ""
    row.save(update_fields=["status", "closed_at", "last_error"])
    if status != "renewed":
        ContactTask.objects.filter(organization_id=row.organization_id, case=row, done_at=None).update(
            done_at=at, outcome=Outcome.NOT_NEEDED
        )
    record_audit(
        organization_id=row.organization_id, name=f"warranty.{status}", actor=actor, at=at, subject=row
    )
    return row
