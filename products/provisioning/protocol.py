"""What a driver is: the only door between a product and the machines that serve it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol


@dataclass(frozen=True, slots=True)
class Job:
    """One product, as a driver needs to know it.

    `product_id` never changes and is never used again: it is the key by which a driver recognizes what it
    has done already. `data` is what the driver returned the last time, empty the first time.
    """

    product_id: int
    organization_id: int
    kind: str
    plan: str
    name: str
    quantity: int
    data: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Health:
    """How a driver finds its side: `details` is one sentence for staff."""

    is_well: bool
    details: str = ""


class ProvisioningFailed(Exception):
    """The operation did not succeed. It is tried again later unless `is_final`, when staff look at it."""

    def __init__(self, message: str, *, is_final: bool = False) -> None:
        self.is_final = is_final
        super().__init__(message)


class Driver(Protocol):
    """Sets up, stops and removes the services of one kind.

    Each operation may be called again after a crash, with the same job, also when it had succeeded: it
    must then do nothing and return the same. One that does not succeed raises ProvisioningFailed. It
    returns what the driver wants to remember (plain JSON values, no passwords: the details are shown on
    the product's page). It runs outside of any transaction and may take minutes.
    """

    def provision(self, job: Job) -> Mapping[str, Any]:
        """Set the service up and let it run."""

    def suspend(self, job: Job) -> Mapping[str, Any]:
        """Stop the service without losing anything of it."""

    def resume(self, job: Job) -> Mapping[str, Any]:
        """Let a suspended service run again."""

    def terminate(self, job: Job) -> Mapping[str, Any]:
        """Remove the service with all that it holds; also one that was never set up."""

    def health(self) -> Health:
        """Return whether the machines behind this driver answer."""
