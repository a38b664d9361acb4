"""Ask something of a running service: a restart, a reset (PRD-13)."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from manager.kit.actor import Actor
from manager.kit.errors import DomainError, NotFound
from manager.kit.nudge import nudge
from organizations.audit.services import record_audit
from organizations.progress.services import begin_task
from products.provisioning.actions import Action, check_parameters, list_offered
from products.provisioning.models import Service, ServiceAction
from products.provisioning.states import OPEN_ACTIONS, TASK


class ActionNotOffered(NotFound):
    """The product cannot be asked for this: its kind or its driver does not know it."""

    code = "action_not_offered"
    message = _("This product knows no such action.")


class ActionNotPossible(DomainError):
    """The service is not running, or is about to be stopped."""

    code = "action_not_possible"
    message = _("This is possible only while the product is running.")


class ActionPending(DomainError):
    """The same was asked before and is not done yet."""

    code = "action_pending"
    message = _("This was asked for already and is not done yet.")


class ParametersInvalid(DomainError):
    """A parameter of the action is missing or not allowed."""

    code = "parameters_invalid"
    status = 422
    message = _("Some fields need another value.")


@transaction.atomic
def ask_action(
    *,
    organization_id: int,
    product_id: int,
    slug: str,
    parameters: Mapping[str, Any],
    actor: Actor,
    at: datetime,
) -> ServiceAction:
    """Ask the service of a product for an action; it is pending for the time that the action says.

    :raises ActionNotPossible: the product has no running service.
    :raises ActionNotOffered: there is no such action for it.
    :raises ActionPending: the same is open already.
    :raises ParametersInvalid: the action's form refuses the parameters.
    """
    services = Service.objects.select_for_update(of=("self",)).select_related("product__plan")
    service = services.filter(organization_id=organization_id, product_id=product_id).first()
    if service is None:
        raise ActionNotPossible
    action = _offered(service, slug)
    if not service.is_running:
        raise ActionNotPossible
    if service.actions.filter(slug=slug, status__in=OPEN_ACTIONS).exists():
        raise ActionPending
    asked = ServiceAction.objects.create(
        organization_id=organization_id,
        service=service,
        product=service.product,
        slug=slug,
        parameters=_checked(action, parameters),
        asked_at=at,
        asked_by=actor.name[:200],
        due_at=at + action.delay,
    )
    record_audit(
        organization_id=organization_id,
        name="product.action_asked",
        actor=actor,
        at=at,
        subject=service.product,
        action=slug,
    )
    begin_task(organization_id=organization_id, kind=TASK, subject_id=asked.pk, actor=actor, at=at)
    nudge("provisioning")
    return asked


def _offered(service: Service, slug: str) -> Action:
    for action in list_offered(kind=service.product.plan.kind, service=service):
        if action.slug == slug:
            return action
    raise ActionNotOffered


def _checked(action: Action, parameters: Mapping[str, Any]) -> dict[str, Any]:
    form = check_parameters(action, parameters)
    if form is None:
        return {}
    for field, messages in form.errors.items():
        raise ParametersInvalid(str(messages[0]), field=None if field == "__all__" else field)
    return form.cleaned_data
