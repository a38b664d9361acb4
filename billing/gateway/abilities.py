"""What some payment providers can tell besides: their fees, disputes, and the list of their messages.

A driver has an ability by having its methods; who asks looks with `isinstance`.
"""

from collections.abc import Iterator
from datetime import datetime
from typing import Protocol, runtime_checkable

from billing.gateway.vocabulary import DisputeResult, GatewayEvent
from manager.kit.money import Money


@runtime_checkable
class TellsFees(Protocol):
    """A provider that tells what it keeps of a charge (BIL-15)."""

    def fee_of(self, *, charge_reference: str) -> Money | None:
        """Return the fee of a charge, None while the provider does not know it yet.

        :raises GatewayUnavailable: no answer.
        """
        ...


@runtime_checkable
class TellsDisputes(Protocol):
    """A provider whose charges can be disputed (BIL-14)."""

    def describe_dispute(self, *, reference: str) -> DisputeResult:
        """Return a dispute as it is now.

        :raises GatewayUnavailable: no answer.
        """
        ...


@runtime_checkable
class ListsEvents(Protocol):
    """A provider that keeps its messages, so that those that never arrived are found (INC-23)."""

    def list_events(self, *, since: datetime) -> Iterator[GatewayEvent]:
        """Yield the messages made at or after `since`, newest first.

        :raises GatewayUnavailable: no answer.
        """
        ...
