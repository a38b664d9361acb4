"""What a closing account leaves behind on the floors above, told by them at start (ACC-15).

A floor that keeps something of people registers one `Departure` in `AppConfig.ready()`.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from accounts.users.models import User
from manager.kit.actor import Actor
from manager.kit.errors import Text


@dataclass(frozen=True, slots=True)
class Condition:
    """What must be so before the account can be closed: whether it is, and where to see to it."""

    label: Text
    met: bool
    detail: Text = ""
    url: str = ""
    action_label: Text = ""


@dataclass(frozen=True, slots=True)
class Departure:
    """How a floor lets a person go.

    `conditions` are shown and asked again by the verb; `leave` runs in the verb's transaction and raises
    a DomainError where a condition no longer holds; `export` gives what the floor keeps of the person,
    as plain JSON values by section.
    """

    conditions: Callable[[User, datetime], Sequence[Condition]]
    leave: Callable[[User, Actor, datetime], None]
    export: Callable[[User], dict[str, Any]]


_departures: list[Departure] = []


def register_departure(departure: Departure) -> None:
    """Let a floor take part in closing accounts; called once, at start."""
    if departure not in _departures:
        _departures.append(departure)


def list_departures() -> list[Departure]:
    """Return how each floor lets a person go."""
    return list(_departures)


def list_conditions(*, user: User, at: datetime) -> list[Condition]:
    """Return all conditions of closing the account, as they stand now."""
    return [condition for departure in _departures for condition in departure.conditions(user, at)]
