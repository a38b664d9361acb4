"""Do what is due at services: take a row under a lease, call its driver, write the result."""

import logging
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import F

from manager.kit.due import is_due
from manager.kit.scope import tenant_scope
from products.provisioning.models import Service
from products.provisioning.protocol import Job, ProvisioningFailed
from products.provisioning.registry import get_driver
from products.provisioning.states import ServiceState

logger = logging.getLogger(__name__)

BATCH = 20
LEASE = timedelta(minutes=10)
FIRST_RETRY = timedelta(minutes=1)
MAX_RETRY = timedelta(hours=6)
MAX_ATTEMPTS = 8

S = ServiceState

# From the state at the driver and the wanted one: the operation, and the state that it leads to. Equal
# ones are due when a try for something else may have reached the driver: the operation says it again.
OPERATIONS: dict[tuple[str, str], tuple[str, str]] = {
    (S.ABSENT, S.RUNNING): ("provision", S.RUNNING),
    (S.ABSENT, S.SUSPENDED): ("provision", S.RUNNING),
    (S.ABSENT, S.GONE): ("terminate", S.GONE),
    (S.RUNNING, S.RUNNING): ("resume", S.RUNNING),
    (S.RUNNING, S.SUSPENDED): ("suspend", S.SUSPENDED),
    (S.RUNNING, S.GONE): ("terminate", S.GONE),
    (S.SUSPENDED, S.RUNNING): ("resume", S.RUNNING),
    (S.SUSPENDED, S.SUSPENDED): ("suspend", S.SUSPENDED),
    (S.SUSPENDED, S.GONE): ("terminate", S.GONE),
}


def drain_provisioning(*, at: datetime) -> int:
    """Bring every service due at `at` to its wanted state; return how many operations succeeded.

    A worker that dies leaves its lease, after which another one calls the driver again. A service whose
    driver fails is tried again later and later, and goes to the quarantine after eight times: the
    product stays active and paid, and its page says that it is being set up.
    """
    done = 0
    while taken := _take(at):
        done += sum(
            _operate(service_id=pk, organization_id=owner, fence=fence, at=at) for pk, owner, fence in taken
        )
    return done


def _take(at: datetime) -> list[tuple[int, int, int]]:
    """Take a batch under a lease, before any driver is called: (id, organization, fence) of each."""
    with transaction.atomic(using="system"):
        due = Service.objects.using("system").filter(is_due("due_at", at)).order_by("due_at", "pk")
        ids = list(due.select_for_update(skip_locked=True).values_list("pk", flat=True)[:BATCH])
        mine = Service.objects.using("system").filter(pk__in=ids)
        mine.update(due_at=at + LEASE, fence=F("fence") + 1, attempts=F("attempts") + 1)
        return list(mine.order_by("pk").values_list("pk", "organization_id", "fence"))


def _operate(*, service_id: int, organization_id: int, fence: int, at: datetime) -> bool:
    with tenant_scope(organization_id):
        services = Service.objects.select_related("product__plan").filter(organization_id=organization_id)
        service = services.filter(pk=service_id).first()
        if service is None or service.fence != fence:
            return False
        step = OPERATIONS.get((service.state, service.wanted))
        if step is None:
            return _finish(service, {"due_at": None}, at)
        operation, reached = step
        try:
            data = getattr(get_driver(service.driver), operation)(_job(service))
        except Exception as error:  # noqa: BLE001  (whatever a driver raises must not stop the others)
            logger.warning("%s of product %s failed: %s", operation, service.product_id, error)
            _finish(service, _failure(service, error, at), at)
            return False
        result = {"state": reached, "data": dict(data), "attempts": 0, "last_error": ""}
        return _finish(service, {**result, "due_at": None if reached == service.wanted else at}, at)


def _job(service: Service) -> Job:
    product = service.product
    return Job(
        product_id=product.pk,
        organization_id=product.organization_id,
        kind=product.plan.kind,
        plan=product.plan.slug,
        name=product.name,
        quantity=product.quantity,
        data=service.data,
    )


def _failure(service: Service, error: Exception, at: datetime) -> dict[str, object]:
    is_final = isinstance(error, ProvisioningFailed) and error.is_final
    failed: dict[str, object] = {"last_error": f"{type(error).__name__}: {error}"[:2000]}
    if is_final or service.attempts >= MAX_ATTEMPTS:
        return {**failed, "due_at": None, "quarantined_at": at}
    wait: timedelta = FIRST_RETRY * 4 ** (service.attempts - 1)
    return {**failed, "due_at": at + min(wait, MAX_RETRY)}


def _finish(service: Service, result: dict[str, object], at: datetime) -> bool:
    """Write the result unless another worker has taken the row since, or something else is wanted now."""
    mine = Service.objects.filter(pk=service.pk, fence=service.fence)
    return bool(mine.update(**result, updated_at=at))
