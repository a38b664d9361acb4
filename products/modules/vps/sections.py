"""What the page of a virtual server shows: whether it is on, its system, and how to get in (WIN-1)."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from products.inventory.models import Product, ProductOption
from products.inventory.sections import Section, Visit, register_section
from products.inventory.status import ENDED
from products.modules.vps.actions import KIND
from products.modules.vps.systems import LICENCE, SYSTEMS, list_systems
from products.provisioning.selectors import find_service
from products.provisioning.states import ServiceState


def build_server(visit: Visit) -> dict[str, Any] | None:
    """Return the state and the access of the server; until it is set up the system that was chosen for it."""
    product = visit.product
    service = find_service(organization_id=product.organization_id, product_id=product.pk)
    if service is None or service.state == ServiceState.ABSENT:
        return _chosen(product)
    if service.state not in {ServiceState.RUNNING, ServiceState.SUSPENDED}:
        return None
    data = service.data
    system = SYSTEMS.get(str(data.get("system")))
    fitting = list_systems(product.plan)
    return {
        "is_on": data.get("power") == "on",
        "is_suspended": service.state == ServiceState.SUSPENDED,
        "system": system.name if system else data.get("system", ""),
        "is_unlicensed": system is not None and system.needs_licence and system not in fitting,
        "licensed": _licensed(visit) if system is not None and system.needs_licence else None,
        "address": data.get("address", ""),
        "user": data.get("user", ""),
        "access": data.get("access", ""),
    }


def _chosen(product: Product) -> dict[str, Any] | None:
    """Return what a server will run that is not there yet; None where nothing was chosen, or it has ended."""
    system = SYSTEMS.get(str(product.setup.get("system")))
    if system is None or product.status in ENDED:
        return None
    return {"is_awaited": True, "system": system.name}


def _licensed(visit: Visit) -> int | None:
    """Return for how many virtual processors Windows is licensed."""
    bought = ProductOption.objects.filter(product_id=visit.product.pk, slug=LICENCE)
    units = bought.values_list("quantity", flat=True).first()
    if units is None:
        units = visit.product.plan.options.filter(slug=LICENCE).values_list("included", flat=True).first()
    return units


register_section(
    Section("products/vps/section.html", build_server, position=10, anchor="server", title=_("Server")),
    kind=KIND,
)
