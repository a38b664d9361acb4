"""Perform what was asked of services: take a row under a lease, call its driver, write the result."""

import logging
from datetime import datetime

from django.db import transaction
from django.db.models import Q

from manager.kit.due import is_due
from manager.kit.scope import tenant_scope
from manager.kit.status import transition
from products.provisioning.actions import build_parameters
from products.provisioning.models import Service, ServiceAction
from products.provisioning.operations import LEASE, MAX_ACTION_ATTEMPTS, NO_WORD, action_key, build_job
from products.provisioning.protocol import Outcome, ProvisioningFailed
from products.provisioning.registry import get_driver
from products.provisioning.services.settle import check_outcome, settle_action
from products.provisioning.states import ACTION_TRANSITIONS, ActionStatus, ServiceState

logger = logging.getLogger(__name__)

BATCH = 20


def drain_actions(*, at: datetime) -> int:
    """Perform every action due at `at` whose service runs and is left alone; return how many succeeded.

    One at a time for each service, in the order in which they are due. A worker that dies leaves its
    lease, after which another one makes the same call again. What fails is tried again five times.
    """
    done = 0
    seen: set[int] = set()
    while found := [pk for pk in _find(at) if pk not in seen]:
        for pk in found:
            seen.add(pk)
            if taken := _take(pk, at):
                done += _perform(*taken, at=at)
    return done


def _is_performable(at: datetime) -> Q:
    runs = Q(service__state=ServiceState.RUNNING, service__wanted=ServiceState.RUNNING)
    return is_due("due_at", at) & runs & Q(service__due_at=None, service__has_changed=False)


def _find(at: datetime) -> list[int]:
    due = ServiceAction.objects.using("system").filter(_is_performable(at)).order_by("due_at", "pk")
    return list(due.values_list("pk", flat=True)[:BATCH])


def _take(action_id: int, at: datetime) -> tuple[int, int, int] | None:
    """Take one action under a lease: its id, organization and fence, or None if it may not be taken now."""
    with transaction.atomic(using="system"):
        services = Service.objects.using("system").filter(actions=action_id)
        # The lock of the service keeps two workers from performing two of its actions at once.
        service = services.select_for_update(skip_locked=True).first()
        actions = ServiceAction.objects.using("system").select_for_update(of=("self",))
        action = actions.filter(_is_performable(at), pk=action_id).first()
        if service is None or action is None:
            return None
        if action.status == ActionStatus.WAITING:
            if service.actions.filter(status=ActionStatus.RUNNING).exists():
                return None
            transition(action, ActionStatus.RUNNING, ACTION_TRANSITIONS)
        action.due_at = at + LEASE
        action.started_at = action.started_at or at
        action.accepted_at = None
        action.attempts += 1
        action.fence += 1
        action.save(using="system")
        return action.pk, action.organization_id, action.fence


def _perform(action_id: int, organization_id: int, fence: int, *, at: datetime) -> bool:
    with tenant_scope(organization_id):
        actions = ServiceAction.objects.select_related("service__product__plan")
        action = actions.filter(pk=action_id, organization_id=organization_id).first()
        if action is None or action.fence != fence:
            return False
        return settle_action(action=action, outcome=_call(action), at=at)


def _call(action: ServiceAction) -> Outcome | Exception:
    if action.attempts > MAX_ACTION_ATTEMPTS:
        return ProvisioningFailed(NO_WORD, is_final=True)
    try:
        job = build_job(action.service, key=action_key(action))
        told = build_parameters(action)
        return check_outcome(get_driver(action.service.driver).act(job, action.slug, told))
    except Exception as error:  # noqa: BLE001  (whatever a driver raises must not stop the others)
        logger.warning("%s of product %s failed: %s", action.slug, action.product_id, error)
        return error
