"""The local driver: a data centre on paper. What it sets up are the details it keeps in the database.

It makes the whole way of a product work without any machine, and says so on the product's page. Rows of
PlannedFault make it fail.
"""

from collections.abc import Mapping
from hashlib import sha256
from typing import Any

from django.db.models import F, Q

from products.provisioning.actions import list_actions
from products.provisioning.models import PlannedFault
from products.provisioning.paper import on_paper
from products.provisioning.protocol import Health, Job, ProvisioningFailed


class LocalDriver:
    """Follows the protocol to the letter, so that it can be read as an example."""

    def provision(self, job: Job) -> Mapping[str, Any]:
        """Return the details of the service; the same ones each time, as they come from the product's id."""
        self._fail_if_planned("provision", job)
        if "account" in job.data:
            return {**job.data, "power": "on"}
        return self._set_up(job) | on_paper(job, "provision", {})

    def _set_up(self, job: Job) -> dict[str, Any]:
        return {
            "account": f"{job.kind}-{job.product_id}",
            "server": f"{job.kind}-{_digest(job) % 12 + 1:02}.local.example",
            # 192.0.2.0/24 is kept for documentation: nobody is reached by these addresses.
            "address": f"192.0.2.{_digest(job) % 254 + 1}",
            "units": job.quantity,
            "power": "on",
        }

    def suspend(self, job: Job) -> Mapping[str, Any]:
        """Switch the service off and keep its details."""
        self._fail_if_planned("suspend", job)
        return {**job.data, "power": "off"}

    def resume(self, job: Job) -> Mapping[str, Any]:
        """Switch the service on again."""
        self._fail_if_planned("resume", job)
        return {**job.data, "power": "on"}

    def change(self, job: Job) -> Mapping[str, Any]:
        """Take over the quantity and options that the product has now."""
        self._fail_if_planned("change", job)
        return {**job.data, "units": job.quantity, **({"options": dict(job.options)} if job.options else {})}

    def terminate(self, job: Job) -> Mapping[str, Any]:
        """Forget the service."""
        self._fail_if_planned("terminate", job)
        return {}

    def actions(self, kind: str) -> frozenset[str]:
        """Return all that the panel knows of: on paper everything is possible."""
        return frozenset(action.slug for action in list_actions(kind))

    def act(self, job: Job, action: str, parameters: Mapping[str, Any]) -> Mapping[str, Any]:
        """Do it on paper: what the module of the kind says of it is all that changes."""
        self._fail_if_planned(action, job)
        return {**job.data, **on_paper(job, action, parameters)}

    def health(self) -> Health:
        """Say that the driver itself needs nothing, and whether failures are planned."""
        planned = PlannedFault.objects.filter(remaining__gt=0).count()
        return Health(is_well=not planned, details=f"{planned} planned failures" if planned else "")

    def _fail_if_planned(self, operation: str, job: Job) -> None:
        wanted = Q(operation__in=["", operation]) & (Q(product_id=None) | Q(product_id=job.product_id))
        fault = PlannedFault.objects.filter(wanted, remaining__gt=0).order_by("pk").first()
        if fault is None:
            return
        taken = PlannedFault.objects.filter(pk=fault.pk, remaining__gt=0).update(remaining=F("remaining") - 1)
        if taken:
            raise ProvisioningFailed(fault.message)


def _digest(job: Job) -> int:
    return int.from_bytes(sha256(f"{job.kind}:{job.product_id}".encode()).digest()[:4], "big")
