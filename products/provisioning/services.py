"""Say what is wanted of a service. A row is the work; `drain_provisioning` does it."""

from datetime import datetime

from django.db import transaction

from manager.kit.actor import Actor
from manager.kit.nudge import nudge
from organizations.audit.services import record_audit
from products.provisioning.models import Service
from products.provisioning.registry import driver_name_for


@transaction.atomic
def want_service(*, organization_id: int, product_id: int, kind: str, wanted: str, at: datetime) -> Service:
    """Want the service of a product to be in the state `wanted`; it is due at once if it is not.

    A new service is given the driver of its `kind` and keeps it. Wanting the same again changes nothing.
    """
    service, created = Service.objects.select_for_update().get_or_create(
        organization_id=organization_id,
        product_id=product_id,
        defaults={
            "driver": driver_name_for(kind),
            "wanted": wanted,
            "due_at": at,
            "updated_at": at,
        },
    )
    if not created and service.wanted != wanted:
        service.wanted = wanted
        _start_over(service, at)
    if service.due_at is not None:
        nudge("provisioning")
    return service


@transaction.atomic
def retry_service(*, service: Service, actor: Actor, at: datetime) -> Service:
    """Try again at once what failed or went to the quarantine; staff do this after mending the cause."""
    service = Service.objects.select_for_update().get(pk=service.pk, organization_id=service.organization_id)
    if service.is_ready:
        return service
    _start_over(service, at)
    record_audit(
        organization_id=service.organization_id, name="service.retried", actor=actor, at=at, subject=service
    )
    nudge("provisioning")
    return service


def _start_over(service: Service, at: datetime) -> None:
    # After a try that may have reached the driver, the state that we know is not to be trusted.
    is_sure = service.attempts == 0
    service.attempts = 0
    service.due_at = None if service.is_ready and is_sure else at
    service.quarantined_at = None
    service.last_error = ""
    service.updated_at = at
    # A worker that is at it with what was wanted before may not write its result as the last word.
    service.fence += 1
    service.save()
