"""Questions about services."""

from datetime import datetime

from django.db.models import F, Q, QuerySet, TextChoices
from django.utils.translation import gettext_lazy as _

from manager.kit.errors import NotFound
from manager.kit.ids import parse_id
from manager.kit.keyset import SortKey
from products.provisioning.models import DriverHealth, Service, ServiceAction
from products.provisioning.states import ActionStatus

BY_CHANGE = SortKey(F("updated_at"), lambda row: row.updated_at.isoformat(), parse=datetime.fromisoformat)
BY_END = SortKey(F("closed_at"), lambda row: row.closed_at.isoformat(), parse=datetime.fromisoformat)
RECENT_ACTIONS = 5


class Trouble(TextChoices):
    """What staff look for in the list of services."""

    QUARANTINED = "quarantined", _("In quarantine")
    FAILING = "failing", _("Tried again by itself")
    AWAITED = "awaited", _("Waiting for a call-back")


class ActionNotFound(NotFound):
    """The action does not exist at this product."""

    message = _("This action does not exist.")


TROUBLES = {
    Trouble.QUARANTINED: ~Q(last_error="") & Q(quarantined_at__isnull=False),
    Trouble.FAILING: Q(quarantined_at=None) & ~Q(last_error=""),
    Trouble.AWAITED: Q(accepted_at__isnull=False),
}


def find_service(*, organization_id: int, product_id: int) -> Service | None:
    """Return the service of a product, or None while nothing was wanted of it."""
    return Service.objects.filter(organization_id=organization_id, product_id=product_id).first()


def list_recent_actions(*, organization_id: int, product_id: int) -> list[ServiceAction]:
    """Return the newest of what was asked of a product's service, newest first."""
    actions = ServiceAction.objects.filter(organization_id=organization_id, product_id=product_id)
    return list(actions.order_by("-pk")[:RECENT_ACTIONS])


def get_action(*, organization_id: int, product_id: int, action_id: int) -> ServiceAction:
    """Return what was asked of a product's service.

    :raises ActionNotFound: there is none.
    """
    actions = ServiceAction.objects.filter(organization_id=organization_id, product_id=product_id)
    action = actions.filter(pk=action_id).first()
    if action is None:
        raise ActionNotFound
    return action


def list_quarantined() -> QuerySet[Service]:
    """Return across all tenants, for the operator, the services that failed too often."""
    return list_troubled(trouble=Trouble.QUARANTINED).order_by("pk")


def list_troubled(*, trouble: str = "", driver: str = "", search: str = "") -> QuerySet[Service]:
    """Return across all tenants, for the operator, the services that are not as they are wanted.

    Without a `trouble` those that failed or are in quarantine. `search` is a part of the product's or the
    organization's name, or the number of a product.
    """
    wanted = TROUBLES[Trouble(trouble)] if trouble else ~Q(last_error="")
    services = Service.objects.using("system").filter(wanted)
    if driver:
        services = services.filter(driver=driver)
    if search:
        services = services.filter(_matches(search))
    return services.select_related("product__plan", "organization")


def list_failed_actions(*, search: str = "") -> QuerySet[ServiceAction]:
    """Return across all tenants, for the operator, the actions that failed for good."""
    actions = ServiceAction.objects.using("system").filter(status=ActionStatus.FAILED)
    if search:
        actions = actions.filter(_matches(search))
    return actions.select_related("product__plan", "organization", "service")


def count_quarantined() -> int:
    """Return across all tenants how many services wait for staff."""
    return Service.objects.using("system").filter(TROUBLES[Trouble.QUARANTINED]).count()


def count_failed_actions() -> int:
    """Return across all tenants how many actions failed for good."""
    return ServiceAction.objects.using("system").filter(status=ActionStatus.FAILED).count()


def count_troubled() -> int:
    """Return how much waits for staff: services in quarantine and actions that failed for good."""
    return count_quarantined() + count_failed_actions()


def list_health() -> list[DriverHealth]:
    """Return how the drivers found their side when they were last asked, by name."""
    return list(DriverHealth.objects.order_by("driver"))


def _matches(search: str) -> Q:
    found = Q(product__name__icontains=search) | Q(organization__name__icontains=search)
    number = parse_id(search)
    return found if number is None else found | Q(product_id=number)
