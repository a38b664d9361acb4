"""Who may come into an organization's pages without being a member: the operator's support (ORG-15).

Support access lies above the guard and is not imported here; its finder is registered at start. Only pages
ask it: an API token opens nothing by support access.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from accounts.sessions.guards import PersonRequest
from manager.kit.actor import Actor
from organizations.access.decisions import Access


@dataclass(frozen=True, slots=True)
class Visit:
    """A visit of the operator's support: what is open to it, as whom it acts, and until when."""

    access: Access
    actor: Actor
    ends_at: datetime
    kinds: tuple[str, ...]

    @property
    def last_moment(self) -> datetime:
        """The last second of the visit."""
        return self.ends_at - timedelta(seconds=1)


Finder = Callable[[PersonRequest, int], Visit | None]


def _nobody(request: PersonRequest, organization_id: int) -> Visit | None:
    return None


_finders: list[Finder] = [_nobody]


def register_visits(finder: Finder) -> None:
    """Let `finder` tell who visits, and write down each use; called once, at start."""
    _finders.append(finder)


def find_visit(request: PersonRequest, organization_id: int) -> Visit | None:
    """Return the visit by which the request comes in, or None to a stranger."""
    return _finders[-1](request, organization_id)
