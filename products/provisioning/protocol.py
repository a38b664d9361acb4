"""What a driver is: the only door between a product and the machines that serve it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Protocol, runtime_checkable


@dataclass(frozen=True, slots=True)
class Job:
    """One product, as a driver needs to know it.

    `product_id` never changes and is never used again: it is the key by which a driver recognizes what it
    has done already. `data` is what the driver returned the last time, empty the first time. `options`
    are those bought with the plan, by slug. `setup` is what was chosen for the first setting up, such as the
    system of a server. `key` names this one call: it is the same whenever the call is
    repeated because nobody knows how it ended, and another one for whatever is asked next.
    """

    product_id: int
    organization_id: int
    kind: str
    plan: str
    name: str
    quantity: int
    data: Mapping[str, Any] = field(default_factory=dict)
    options: Mapping[str, int] = field(default_factory=dict)
    setup: Mapping[str, str] = field(default_factory=dict)
    key: str = ""


@dataclass(frozen=True, slots=True)
class Accepted:
    """The machines are at it and will say by a call-back how it ended; asked again after `wait`."""

    wait: timedelta = timedelta(hours=1)


Outcome = Mapping[str, Any] | Accepted


@dataclass(frozen=True, slots=True)
class Callback:
    """How a call ended that was accepted before: with `data`, or without any and with an error."""

    key: str
    data: Mapping[str, Any] | None = None
    error: str = ""
    is_final: bool = False


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


class CallbackRefused(Exception):
    """The call-back is not signed by the driver's machines, is too old, or cannot be read."""


class Driver(Protocol):
    """Sets up, stops and removes the services of one kind.

    Each operation may be called again after a crash, with the same job, also when it had succeeded: it
    must then do nothing and return the same. One that does not succeed raises ProvisioningFailed. It
    returns what the driver wants to remember (plain JSON values, no passwords: the details are shown on
    the product's page), or Accepted when the end is told by a call-back. It runs outside of any
    transaction and may take minutes.
    """

    def provision(self, job: Job) -> Outcome:
        """Set the service up and let it run."""

    def suspend(self, job: Job) -> Outcome:
        """Stop the service without losing anything of it."""

    def resume(self, job: Job) -> Outcome:
        """Let a suspended service run again."""

    def change(self, job: Job) -> Outcome:
        """Make the service fit its plan, quantity and options; a suspended one stays suspended."""

    def terminate(self, job: Job) -> Outcome:
        """Remove the service with all that it holds; also one that was never set up."""

    def actions(self, kind: str) -> frozenset[str]:
        """Return by slug the actions that it can perform on services of this kind."""

    def act(self, job: Job, action: str, parameters: Mapping[str, Any]) -> Outcome:
        """Perform an action on the running service; once for each `job.key`, however often it is called."""

    def health(self) -> Health:
        """Return whether the machines behind this driver answer."""


@runtime_checkable
class CallsBack(Protocol):
    """A driver whose machines tell later how a call ended, at /webhooks/provisioning/<driver>/."""

    def read_callback(self, *, body: bytes, headers: Mapping[str, str], at: datetime) -> Callback:
        """Return what a call-back says.

        :raises CallbackRefused: it was not made by the driver's machines just now.
        """
