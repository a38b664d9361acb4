"""What is to be said to a driver next, and when again after it failed."""

from datetime import datetime, timedelta
from typing import NamedTuple

from products.provisioning.models import Service, ServiceAction
from products.provisioning.protocol import Job, ProvisioningFailed
from products.provisioning.states import ServiceState

LEASE = timedelta(minutes=10)
FIRST_RETRY = timedelta(minutes=1)
MAX_RETRY = timedelta(hours=6)
MAX_ATTEMPTS = 8
MAX_ACTION_ATTEMPTS = 5
MAX_ERROR = 2000
# When the last try ended without a word: no call-back came, or the worker died.
NO_WORD = "Nobody told how the last try ended."

S = ServiceState


class Step(NamedTuple):
    """An operation of the driver, and the state to which it leads."""

    operation: str
    reached: str


# From the state at the driver and the wanted one. Equal ones are said again when a call for something else
# may have reached the driver.
OPERATIONS: dict[tuple[str, str], Step] = {
    (S.ABSENT, S.RUNNING): Step("provision", S.RUNNING),
    (S.ABSENT, S.SUSPENDED): Step("provision", S.RUNNING),
    (S.ABSENT, S.GONE): Step("terminate", S.GONE),
    (S.RUNNING, S.RUNNING): Step("resume", S.RUNNING),
    (S.RUNNING, S.SUSPENDED): Step("suspend", S.SUSPENDED),
    (S.RUNNING, S.GONE): Step("terminate", S.GONE),
    (S.SUSPENDED, S.RUNNING): Step("resume", S.RUNNING),
    (S.SUSPENDED, S.SUSPENDED): Step("suspend", S.SUSPENDED),
    (S.SUSPENDED, S.GONE): Step("terminate", S.GONE),
    (S.GONE, S.RUNNING): Step("provision", S.RUNNING),
    (S.GONE, S.SUSPENDED): Step("provision", S.RUNNING),
}
CHANGEABLE = frozenset({S.RUNNING, S.SUSPENDED})
ON_THE_STATE = frozenset(step.operation for step in OPERATIONS.values())


def find_step(service: Service) -> Step | None:
    """Return what the driver is to be told next, or None when the service is as it is wanted."""
    if service.state != service.wanted or service.is_unsure:
        step = OPERATIONS.get((service.state, service.wanted))
        if step is not None:
            return step
    if service.has_changed and service.state == service.wanted and service.state in CHANGEABLE:
        return Step("change", service.state)
    return None


def build_job(service: Service, *, key: str) -> Job:
    """Return the product of the service as its driver needs to know it now."""
    product = service.product
    options = product.options.order_by("slug").values_list("slug", "quantity")
    return Job(
        product_id=product.pk,
        organization_id=product.organization_id,
        kind=product.plan.kind,
        plan=product.plan.slug,
        name=product.name,
        quantity=product.quantity,
        data=service.data,
        options=dict(options),
        setup=product.setup,
        key=key,
    )


def operation_key(service: Service, operation: str) -> str:
    """Return the name of the call that is due at the service."""
    return f"service.{service.product_id}.{service.serial}.{operation}"


def action_key(action: ServiceAction) -> str:
    """Return the name of the call that performs the action."""
    return f"action.{action.pk}.{action.serial}.{action.slug}"


def next_try(attempts: int, at: datetime) -> datetime:
    """Return when to try again after `attempts` failures: after 1, 4, 16 minutes, at most 6 hours apart."""
    wait: timedelta = FIRST_RETRY * 4 ** min(attempts - 1, 10)
    return at + min(wait, MAX_RETRY)


def describe_error(error: Exception) -> str:
    """Return an error as staff read it."""
    text = str(error) if isinstance(error, ProvisioningFailed) else f"{type(error).__name__}: {error}"
    return (text or type(error).__name__).replace("\x00", "")[:MAX_ERROR]
