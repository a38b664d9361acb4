"""A driver's machines tell how a call ended that they had only accepted."""

import re
from datetime import datetime

from django.db import transaction

from manager.kit.scope import tenant_scope
from products.provisioning.models import Service, ServiceAction
from products.provisioning.operations import action_key, find_step, operation_key
from products.provisioning.protocol import Callback, Outcome, ProvisioningFailed
from products.provisioning.services.settle import check_outcome, settle_action, settle_operation
from products.provisioning.states import ActionStatus

KEY = re.compile(r"(service|action)\.([0-9]{1,18})\.[0-9]{1,9}\.[a-z0-9_-]{1,50}", re.ASCII)


def take_callback(*, driver: str, callback: Callback, at: datetime) -> bool:
    """Write down the end of the call that `callback` names; return whether this one was the first word.

    One that comes late, twice, or for what is no longer wanted changes nothing: its key is not the one of
    the call that is under way. A driver speaks of its own services only.
    """
    found = KEY.fullmatch(callback.key)
    if found is None:
        return False
    number = int(found[2])
    outcome = _outcome(callback)
    if found[1] == "service":
        return _take_for_service(driver, number, callback.key, outcome, at)
    return _take_for_action(driver, number, callback.key, outcome, at)


def _outcome(callback: Callback) -> Outcome | Exception:
    if callback.data is None:
        return ProvisioningFailed(callback.error, is_final=callback.is_final)
    try:
        return check_outcome(callback.data)
    except ProvisioningFailed as error:
        return error


def _take_for_service(
    driver: str, product_id: int, key: str, outcome: Outcome | Exception, at: datetime
) -> bool:
    everywhere = Service.objects.using("system").filter(product_id=product_id, driver=driver)
    owner = everywhere.values_list("organization_id", flat=True).first()
    if owner is None:
        return False
    with tenant_scope(owner), transaction.atomic():
        service = (
            Service.objects.select_for_update()
            .filter(product_id=product_id, driver=driver, organization_id=owner)
            .first()
        )
        step = find_step(service) if service is not None else None
        if service is None or step is None or service.attempts == 0:
            return False
        if operation_key(service, step.operation) != key:
            return False
        settle_operation(service=service, step=step, outcome=outcome, at=at, is_answered=True)
        return True


def _take_for_action(
    driver: str, action_id: int, key: str, outcome: Outcome | Exception, at: datetime
) -> bool:
    everywhere = ServiceAction.objects.using("system").filter(pk=action_id, service__driver=driver)
    owner = everywhere.values_list("organization_id", flat=True).first()
    if owner is None:
        return False
    with tenant_scope(owner), transaction.atomic():
        # The service first, as everywhere: two that lock in another order wait for each other.
        Service.objects.select_for_update().filter(actions=action_id, organization_id=owner).first()
        action = ServiceAction.objects.select_for_update().filter(pk=action_id, organization_id=owner).first()
        if action is None or action.status != ActionStatus.RUNNING or action_key(action) != key:
            return False
        settle_action(action=action, outcome=outcome, at=at, is_answered=True)
        return True
