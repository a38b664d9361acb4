"""What waits for the operator's staff: one line for each room of the back office."""

from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from datetime import datetime

from django.urls import reverse

from manager.kit.errors import Text


@dataclass(frozen=True, slots=True)
class Waiting:
    """A count with its page. `tone` is `notice` where something waits, `negative` where it is overdue."""

    label: Text
    count: int
    hint: Text
    icon: str
    url: str
    tone: str = "neutral"


def list_waiting(*, rights: AbstractSet[str], at: datetime) -> list[Waiting]:
    """Return what waits at `at` in the rooms that these rights open."""
    return []
