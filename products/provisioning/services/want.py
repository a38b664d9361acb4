"""Say what is wanted of a service."""

from datetime import datetime

from django.db import transaction

from manager.kit.actor import Actor
from manager.kit.nudge import nudge
from products.provisioning.models import Service
from products.provisioning.operations import find_step
from products.provisioning.registry import driver_name_for
from products.provisioning.services.cancel import cancel_waiting_actions
from products.provisioning.states import ServiceState


@transaction.atomic
def want_service(*, organization_id: int, product_id: int, kind: str, wanted: str, at: datetime) -> Service:
    """Want the service of a product to be in the state `wanted`; it is due at once if it is not.

    A new service is given the driver of its `kind` and keeps it. Wanting the same again changes nothing.
    What was asked of a service and still waits is given up when it is no longer to run.
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
        # After a try that may have reached the driver, the state that we know is not to be trusted.
        service.is_unsure = service.is_unsure or service.attempts > 0
        start_over(service, at)
        if wanted != ServiceState.RUNNING:
            cancel_waiting_actions(service=service, actor=Actor.system("provisioning"), at=at)
    if service.due_at is not None:
        nudge("provisioning")
    return service


@transaction.atomic
def want_change(*, organization_id: int, product_id: int, at: datetime) -> Service | None:
    """Have the driver told of the product's present plan, quantity and options (PRD-10, PRD-14).

    Does nothing for a product without a service, or whose service was not begun: setting it up tells all.
    """
    services = Service.objects.select_for_update()
    service = services.filter(organization_id=organization_id, product_id=product_id).first()
    if service is None or service.wanted == ServiceState.GONE:
        return service
    if service.state == ServiceState.ABSENT and service.attempts == 0:
        return service
    service.has_changed = True
    start_over(service, at)
    nudge("provisioning")
    return service


def start_over(service: Service, at: datetime) -> None:
    """Let the locked service be due at once for what is wanted now, with new tries, and save it."""
    service.attempts = 0
    service.due_at = None if find_step(service) is None else at
    service.accepted_at = None
    service.quarantined_at = None
    service.last_error = ""
    service.updated_at = at
    # A worker or a call-back of what was wanted before may not write its result as the last word.
    service.fence += 1
    service.serial += 1
    service.save()
