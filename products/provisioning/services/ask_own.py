"""Ask something of a running service for the pages of its module: to set what was chosen there."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from manager.kit.actor import Actor
from manager.kit.nudge import nudge
from manager.kit.status import transition
from products.provisioning.actions import find_own
from products.provisioning.models import Service, ServiceAction
from products.provisioning.services.ask import ActionNotOffered, ActionNotPossible, ActionPending
from products.provisioning.states import ACTION_TRANSITIONS, OPEN_ACTIONS, ActionStatus


@transaction.atomic
def ask_own_action(
    *,
    organization_id: int,
    product_id: int,
    slug: str,
    parameters: Mapping[str, Any],
    actor: Actor,
    at: datetime,
) -> ServiceAction:
    """Ask the service to be as `parameters` say. What waits takes them over, what failed is given up.

    The caller writes the audit entry, as it knows what was chosen.

    :raises ActionNotPossible: the product has no running service.
    :raises ActionNotOffered: its driver cannot do this.
    :raises ActionPending: the driver is at an earlier one just now.
    """
    services = Service.objects.select_for_update(of=("self",)).select_related("product__plan")
    service = services.filter(organization_id=organization_id, product_id=product_id).first()
    if service is None or not service.is_running:
        raise ActionNotPossible
    if find_own(kind=service.product.plan.kind, service=service, slug=slug) is None:
        raise ActionNotOffered
    _give_up_failed(service, slug)
    asked = service.actions.filter(slug=slug, status__in=OPEN_ACTIONS).select_for_update().first()
    if asked is None:
        asked = ServiceAction(
            organization_id=organization_id, service=service, product=service.product, slug=slug
        )
    elif asked.status == ActionStatus.RUNNING:
        raise ActionPending(_("An earlier change is being carried out just now. Please try again shortly."))
    else:
        # Another wish is another call, also where a try of the former one may have reached the machines.
        asked.attempts = 0
        asked.serial += 1
        asked.fence += 1
        asked.last_error = ""
    asked.parameters = dict(parameters)
    asked.asked_at = at
    asked.asked_by = actor.name[:200]
    asked.due_at = at
    asked.save()
    nudge("provisioning")
    return asked


def _give_up_failed(service: Service, slug: str) -> None:
    """Staff need not mend what is wanted differently now, and must not bring it back."""
    for failed in service.actions.filter(slug=slug, status=ActionStatus.FAILED).select_for_update():
        transition(failed, ActionStatus.CANCELLED, ACTION_TRANSITIONS)
        failed.fence += 1
        failed.save()
