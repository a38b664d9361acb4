"""The local driver with a record of the actions that it performed, and with what happens meanwhile."""

from collections.abc import Callable, Mapping
from typing import Any

from organizations.audit.models import AuditEvent
from products.provisioning.local import LocalDriver
from products.provisioning.protocol import Job

performed: list[tuple[int, str, str]] = []
interruptions: list[Callable[[], object]] = []


class RecordingDriver(LocalDriver):
    """Records what it is asked for; does the last of `interruptions` before it goes on."""

    def act(self, job: Job, action: str, parameters: Mapping[str, Any]) -> Mapping[str, Any]:
        """Record, then perform."""
        performed.append((job.product_id, action, job.key))
        if interruptions:
            interruptions.pop()()
        return super().act(job, action, parameters)


def audited_actions() -> list[str]:
    """Return the names of all events about actions, oldest first."""
    rows = AuditEvent.objects.using("system").filter(name__startswith="product.action")
    return list(rows.order_by("pk").values_list("name", flat=True))
