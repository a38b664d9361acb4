"""Give up what was asked of a service, as long as no machine has heard of it (PRD-13)."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from manager.kit.actor import Actor
from manager.kit.errors import DomainError
from manager.kit.status import transition
from organizations.audit.services import record_audit
from products.provisioning.actions import find_action
from products.provisioning.models import Service, ServiceAction
from products.provisioning.states import ACTION_TRANSITIONS, ActionStatus


class ActionUnderWay(DomainError):
    """The machine has been told, or it is over: nothing can be taken back."""

    code = "action_under_way"
    message = _("This cannot be cancelled any more.")


@transaction.atomic
def cancel_action(*, action: ServiceAction, actor: Actor, at: datetime) -> ServiceAction:
    """Cancel an action that is pending. Cancelling it again changes nothing.

    :raises ActionUnderWay: a worker has taken it, or it is over; or a module looks after it.
    """
    action = ServiceAction.objects.select_for_update().get(
        pk=action.pk, organization_id=action.organization_id
    )
    if action.status == ActionStatus.CANCELLED:
        return action
    known = find_action(kind=action.product.plan.kind, slug=action.slug)
    if not action.may_be_cancelled or (known and known.is_own):
        raise ActionUnderWay
    _cancel(action, actor, at)
    return action


@transaction.atomic
def dismiss_action(*, action: ServiceAction, actor: Actor, at: datetime) -> ServiceAction:
    """Give up an action that failed for good: staff need not look at it any more.

    :raises ActionUnderWay: it has not failed.
    """
    action = ServiceAction.objects.select_for_update().get(
        pk=action.pk, organization_id=action.organization_id
    )
    if action.status != ActionStatus.FAILED:
        raise ActionUnderWay
    _cancel(action, actor, at)
    return action


@transaction.atomic
def give_up_actions(*, organization_id: int, product_id: int, actor: Actor, at: datetime) -> int:
    """Cancel all that waits for a product that is about to leave the organization; return how much it was.

    :raises ActionUnderWay: a machine is at something; it has to end first.
    """
    services = Service.objects.select_for_update()
    service = services.filter(organization_id=organization_id, product_id=product_id).first()
    if service is None:
        return 0
    if service.actions.filter(status=ActionStatus.RUNNING).exists():
        raise ActionUnderWay(_("An action is under way on this product. Please wait until it is done."))
    return cancel_waiting_actions(service=service, actor=actor, at=at)


def cancel_waiting_actions(*, service: Service, actor: Actor, at: datetime) -> int:
    """Cancel all that waits for the locked service; return how much it was.

    Also what is to be tried again after a failure: the service does not run any more, or leaves.
    """
    waiting = list(
        ServiceAction.objects.select_for_update().filter(service=service, status=ActionStatus.WAITING)
    )
    for action in waiting:
        _cancel(action, actor, at)
    return len(waiting)


def _cancel(action: ServiceAction, actor: Actor, at: datetime) -> None:
    transition(action, ActionStatus.CANCELLED, ACTION_TRANSITIONS)
    action.due_at = None
    action.closed_at = at
    action.fence += 1
    action.save()
    record_audit(
        organization_id=action.organization_id,
        name="product.action_cancelled",
        actor=actor,
        at=at,
        subject=action.product,
        action=action.slug,
    )
