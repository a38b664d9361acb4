"""Do what is due at services: take a row under a lease, call its driver, write the result."""

import logging
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import F

from manager.kit.due import is_due
from manager.kit.scope import tenant_scope
from products.provisioning.models import DriverHealth, Service
from products.provisioning.operations import (
    LEASE,
    MAX_ATTEMPTS,
    NO_WORD,
    Step,
    build_job,
    find_step,
    operation_key,
)
from products.provisioning.performing import drain_actions
from products.provisioning.protocol import Health, Outcome, ProvisioningFailed
from products.provisioning.registry import get_driver, list_drivers
from products.provisioning.services.settle import check_outcome, settle_nothing, settle_operation

logger = logging.getLogger(__name__)

BATCH = 20
HEALTH_EVERY = timedelta(minutes=5)


def drain_provisioning(*, at: datetime) -> int:
    """Bring every service due at `at` to its wanted state, then perform what was asked of those that run.

    Returns how many operations and actions succeeded. A worker that dies leaves its lease, after which
    another one calls the driver again. A service whose driver fails is tried again later and later, and
    goes to the quarantine after eight times: the product stays active and paid, and its page says that it
    is being set up.
    """
    done = 0
    while taken := _take(at):
        done += sum(
            _operate(service_id=pk, organization_id=owner, fence=fence, at=at) for pk, owner, fence in taken
        )
    return done + drain_actions(at=at)


def drain_health(*, at: datetime) -> int:
    """Ask every driver how it finds its side, each at most every five minutes; return how many were asked."""
    fresh = DriverHealth.objects.filter(checked_at__gt=at - HEALTH_EVERY, checked_at__lte=at)
    known = set(fresh.values_list("driver", flat=True))
    asked = [name for name in list_drivers() if name not in known]
    for name in asked:
        found = _ask_health(name)
        values = {"is_well": found.is_well, "details": found.details[:300], "checked_at": at}
        DriverHealth.objects.update_or_create(driver=name, defaults=values)
    DriverHealth.objects.exclude(driver__in=list_drivers()).delete()
    return len(asked)


def _ask_health(name: str) -> Health:
    try:
        return get_driver(name).health()
    except Exception as error:  # noqa: BLE001  (a driver that cannot even say how it is, is not well)
        logger.warning("The driver %s does not tell how it is: %s", name, error)
        return Health(is_well=False, details=f"{type(error).__name__}: {error}".replace("\x00", ""))


def _take(at: datetime) -> list[tuple[int, int, int]]:
    """Take a batch under a lease, before any driver is called: (id, organization, fence) of each."""
    with transaction.atomic(using="system"):
        due = Service.objects.using("system").filter(is_due("due_at", at)).order_by("due_at", "pk")
        ids = list(due.select_for_update(skip_locked=True).values_list("pk", flat=True)[:BATCH])
        mine = Service.objects.using("system").filter(pk__in=ids)
        mine.update(due_at=at + LEASE, accepted_at=None, fence=F("fence") + 1, attempts=F("attempts") + 1)
        return list(mine.order_by("pk").values_list("pk", "organization_id", "fence"))


def _operate(*, service_id: int, organization_id: int, fence: int, at: datetime) -> bool:
    with tenant_scope(organization_id):
        services = Service.objects.select_related("product__plan").filter(organization_id=organization_id)
        service = services.filter(pk=service_id).first()
        if service is None or service.fence != fence:
            return False
        step = find_step(service)
        if step is None:
            settle_nothing(service=service, at=at)
            return False
        outcome = _call(service, step)
        return settle_operation(service=service, step=step, outcome=outcome, at=at)


def _call(service: Service, step: Step) -> Outcome | Exception:
    if service.attempts > MAX_ATTEMPTS:
        return ProvisioningFailed(NO_WORD, is_final=True)
    try:
        job = build_job(service, key=operation_key(service, step.operation))
        return check_outcome(getattr(get_driver(service.driver), step.operation)(job))
    except Exception as error:  # noqa: BLE001  (whatever a driver raises must not stop the others)
        logger.warning("%s of product %s failed: %s", step.operation, service.product_id, error)
        return error
