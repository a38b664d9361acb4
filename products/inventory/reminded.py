"""Who is told of a suspension, which is the reminder of the day of expiry (PRD-8, BIL-12).

Billing contacts, members who get reminders, and addresses of which a room above knows: it registers at start.
"""

from collections.abc import Callable, Sequence
from typing import Protocol

from organizations.members.selectors import Topic, list_billing_contacts, list_contacts


class Reader(Protocol):
    """Somebody who gets a mail; `key` tells the readers of one fact apart."""

    @property
    def key(self) -> str: ...  # noqa: D102

    @property
    def email(self) -> str: ...  # noqa: D102

    @property
    def language(self) -> str: ...  # noqa: D102


ReaderSource = Callable[[int], Sequence[Reader]]

_sources: list[ReaderSource] = []


def register_reminded(source: ReaderSource) -> None:
    """Let `source` name further readers of an organization's reminders; called once, at start."""
    if source not in _sources:
        _sources.append(source)


def list_reminded(*, organization_id: int) -> list[Reader]:
    """Return who is told of a suspension, each address once: members before the others."""
    readers: list[Reader] = [
        *list_billing_contacts(organization_id=organization_id),
        *list_contacts(organization_id=organization_id, topic=Topic.REMINDERS),
    ]
    for source in _sources:
        readers += source(organization_id)
    by_address: dict[str, Reader] = {}
    for reader in readers:
        by_address.setdefault(reader.email.lower(), reader)
    return list(by_address.values())
