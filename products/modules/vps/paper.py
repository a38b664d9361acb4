"""A virtual server in the data centre on paper: power and system change as they would in life (WIN-1)."""

from collections.abc import Mapping
from typing import Any

from products.catalog.models import Plan
from products.modules.vps.actions import KIND
from products.modules.vps.systems import SYSTEMS, System, list_systems
from products.provisioning.paper import register_paper
from products.provisioning.protocol import Job, ProvisioningFailed

POWER = {"start": "on", "restart": "on", "stop": "off"}


def tell(job: Job, operation: str, parameters: Mapping[str, Any]) -> Mapping[str, Any]:
    """Return what the operation changes of the server's details."""
    if operation in POWER:
        return {"power": POWER[operation]}
    systems = list_systems(Plan.objects.get(slug=job.plan))
    if operation == "provision":
        chosen = SYSTEMS.get(job.setup.get("system", ""))
        return _installed(chosen if chosen in systems else systems[0])
    if operation in {"reinstall", "reinstall-windows"}:
        system = SYSTEMS.get(str(parameters.get("system")))
        if system not in systems:  # the offer was changed since it was asked
            raise ProvisioningFailed("The plan has no licence for this system.", is_final=True)
        return _installed(system)
    return {}


def _installed(system: System) -> dict[str, str]:
    return {"system": system.slug, "user": system.user, "access": system.access, "power": "on"}


register_paper(KIND, tell)
