"""Write down how a call to a driver ended, as the answer or a call-back tells; a newer word wins."""

import json
from copy import copy
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import F

from manager.kit.actor import Actor
from manager.kit.status import transition
from organizations.audit.services import record_audit
from products.provisioning.actions import tell_settled
from products.provisioning.models import Service, ServiceAction
from products.provisioning.operations import (
    MAX_ACTION_ATTEMPTS,
    MAX_ATTEMPTS,
    ON_THE_STATE,
    Step,
    describe_error,
    find_step,
    next_try,
)
from products.provisioning.protocol import Accepted, Outcome, ProvisioningFailed
from products.provisioning.states import ACTION_TRANSITIONS, ActionStatus

MAX_DATA = 64_000


def check_outcome(outcome: Outcome) -> Outcome:
    """Return what a driver answered if it can be kept.

    :raises ProvisioningFailed: it is no plain JSON object, or far too long.
    """
    if isinstance(outcome, Accepted):
        return outcome
    try:
        text = json.dumps(dict(outcome), allow_nan=False)
        text.encode("utf-8")
    except (TypeError, ValueError, RecursionError) as error:
        raise ProvisioningFailed("What the driver wants to remember is no plain JSON object.") from error
    if len(text) > MAX_DATA or "\\u0000" in text or "\\ud8" in text:
        raise ProvisioningFailed("What the driver wants to remember cannot be kept.")
    kept: dict[str, Any] = json.loads(text)
    return kept


def settle_operation(
    *, service: Service, step: Step, outcome: Outcome | Exception, at: datetime, is_answered: bool = False
) -> bool:
    """Write the end of an operation; return whether it succeeded and was the newest word.

    `is_answered`: a failure is known for certain, so the next try is another call with another key.
    """
    if isinstance(outcome, Accepted):
        return not _write(service, {"accepted_at": at, "due_at": at + outcome.wait, "last_error": ""}, at)
    if isinstance(outcome, Exception):
        failed = _failure(outcome, service.attempts, at)
        if is_answered:
            failed |= {"serial": F("serial") + 1, "fence": F("fence") + 1}
        _write(service, failed, at)
        return False
    then = copy(service)
    then.state = step.reached
    if step.operation in ON_THE_STATE:
        then.is_unsure = False
    else:
        then.has_changed = False
    result = {
        "state": then.state,
        "is_unsure": then.is_unsure,
        "has_changed": then.has_changed,
        "data": dict(outcome),
        "attempts": 0,
        "last_error": "",
        "accepted_at": None,
        "quarantined_at": None,
        "serial": F("serial") + 1,
        "fence": F("fence") + 1,
        "due_at": None if find_step(then) is None else at,
    }
    return _write(service, result, at)


def settle_nothing(*, service: Service, at: datetime) -> bool:
    """Write that nothing is left to do."""
    return _write(service, {"due_at": None, "attempts": 0, "last_error": ""}, at)


def _failure(error: Exception, attempts: int, at: datetime) -> dict[str, Any]:
    is_final = isinstance(error, ProvisioningFailed) and error.is_final
    failed: dict[str, Any] = {"last_error": describe_error(error), "accepted_at": None}
    if is_final or attempts >= MAX_ATTEMPTS:
        return {**failed, "due_at": None, "quarantined_at": at}
    return {**failed, "due_at": next_try(attempts, at)}


def _write(service: Service, result: dict[str, Any], at: datetime) -> bool:
    """Write the result unless another worker has taken the row since, or something else is wanted now."""
    mine = Service.objects.filter(pk=service.pk, fence=service.fence)
    return bool(mine.update(**result, updated_at=at))


@transaction.atomic
def settle_action(
    *, action: ServiceAction, outcome: Outcome | Exception, at: datetime, is_answered: bool = False
) -> bool:
    """Write the end of an action under way; return whether it succeeded and was the newest word."""
    fence = action.fence
    service = (
        Service.objects.select_for_update()
        .filter(pk=action.service_id, organization_id=action.organization_id)
        .first()
    )
    action = ServiceAction.objects.select_for_update().get(
        pk=action.pk, organization_id=action.organization_id
    )
    if action.fence != fence or action.status != ActionStatus.RUNNING:
        return False
    if isinstance(outcome, Accepted):
        action.accepted_at, action.due_at = at, at + outcome.wait
        action.save()
        return False
    action.accepted_at = None
    action.serial += is_answered
    if isinstance(outcome, Exception):
        _fail_action(action, outcome, at)
        return False
    if service is not None and service.is_running and service.attempts == 0:
        service.data = dict(outcome)
        service.save(update_fields=["data"])
    action.last_error = ""
    _close_action(action, ActionStatus.DONE, at)
    return True


def _fail_action(action: ServiceAction, error: Exception, at: datetime) -> None:
    action.last_error = describe_error(error)
    is_final = isinstance(error, ProvisioningFailed) and error.is_final
    if is_final or action.attempts >= MAX_ACTION_ATTEMPTS:
        _close_action(action, ActionStatus.FAILED, at)
        return
    transition(action, ActionStatus.WAITING, ACTION_TRANSITIONS)
    action.fence += 1
    action.due_at = next_try(action.attempts, at)
    action.save()


def _close_action(action: ServiceAction, status: ActionStatus, at: datetime) -> None:
    transition(action, status, ACTION_TRANSITIONS)
    action.fence += 1
    action.due_at = None
    action.closed_at = at
    action.save()
    record_audit(
        organization_id=action.organization_id,
        name=f"product.action_{status.value}",
        actor=Actor.system("provisioning"),
        at=at,
        subject=action.product,
        action=action.slug,
    )
    tell_settled(action, at=at)
