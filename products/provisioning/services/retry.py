"""Try again what failed; staff do this after mending the cause."""

from datetime import datetime

from django.db import transaction

from manager.kit.actor import Actor
from manager.kit.nudge import nudge
from manager.kit.status import transition
from organizations.audit.services import record_audit
from products.provisioning.models import Service, ServiceAction
from products.provisioning.services.ask import ActionNotPossible, ActionPending
from products.provisioning.services.want import start_over
from products.provisioning.states import ACTION_TRANSITIONS, OPEN_ACTIONS, ActionStatus


@transaction.atomic
def retry_service(*, service: Service, actor: Actor, at: datetime) -> Service:
    """Try again at once what failed or went to the quarantine. Does nothing when all is as it is wanted."""
    service = Service.objects.select_for_update().get(pk=service.pk, organization_id=service.organization_id)
    if service.is_ready:
        return service
    start_over(service, at)
    record_audit(
        organization_id=service.organization_id, name="service.retried", actor=actor, at=at, subject=service
    )
    nudge("provisioning")
    return service


@transaction.atomic
def retry_action(*, action: ServiceAction, actor: Actor, at: datetime) -> ServiceAction:
    """Perform an action again that failed for good (PRD-13).

    :raises ActionNotPossible: the service does not run any more.
    :raises ActionPending: the same was asked again meanwhile.
    :raises IllegalTransition: it has not failed.
    """
    service = (
        Service.objects.select_for_update()
        .filter(pk=action.service_id, organization_id=action.organization_id)
        .first()
    )
    action = ServiceAction.objects.select_for_update().get(
        pk=action.pk, organization_id=action.organization_id
    )
    transition(action, ActionStatus.WAITING, ACTION_TRANSITIONS)
    if service is None or not service.is_running:
        raise ActionNotPossible
    if service.actions.filter(slug=action.slug, status__in=OPEN_ACTIONS).exists():
        raise ActionPending
    action.attempts = 0
    action.serial += 1
    action.fence += 1
    action.due_at = at
    action.closed_at = None
    action.last_error = ""
    action.save()
    record_audit(
        organization_id=action.organization_id,
        name="product.action_retried",
        actor=actor,
        at=at,
        subject=action.product,
        action=action.slug,
    )
    nudge("provisioning")
    return action
