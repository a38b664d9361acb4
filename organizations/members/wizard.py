"""What the wizard of invitations has gathered so far; it lies in the person's session (ORG-7)."""

import hashlib
import json
from dataclasses import asdict, dataclass, field
from typing import Any

from django.contrib.sessions.backends.base import SessionBase

from organizations.access.roles import UNRESTRICTED
from organizations.members.services.gifts import Gifts

SESSION_KEY = "invitations"
STEPS = ("role", "access", "contacts", "summary")
MOST_DRAFTS = 5


@dataclass
class Draft:
    """Invitations to be: to whom, as what, and what comes with them."""

    emails: list[str] = field(default_factory=list)
    role: str = ""
    has_billing: bool = False
    grants: list[dict[str, Any]] = field(default_factory=list)
    teams: list[int] = field(default_factory=list)
    topics: list[str] | None = None
    done: list[str] = field(default_factory=list)

    @property
    def digest(self) -> str:
        """A mark of the contents, by which the last step sends exactly what it showed."""
        return hashlib.sha256(json.dumps(asdict(self), sort_keys=True).encode()).hexdigest()

    @property
    def is_limited(self) -> bool:
        """Whether the role sees granted products only."""
        return self.role not in UNRESTRICTED

    def next_open(self) -> str:
        """Return the first step that is not done; "" for the addresses, which come before all others."""
        if not self.emails:
            return ""
        return next((step for step in STEPS[:-1] if step not in self.done), STEPS[-1])

    def may_open(self, step: str) -> bool:
        """Return whether all steps before `step` are done."""
        wanted = self.next_open()
        return bool(wanted) and STEPS.index(step) <= STEPS.index(wanted)

    def finish(self, step: str) -> None:
        """Note a step as done."""
        if step not in self.done:
            self.done.append(step)

    def as_gifts(self) -> Gifts:
        """Return what comes with the membership, as the verb takes it."""
        return Gifts(
            grants=tuple(self.grants) if self.is_limited else (),
            team_ids=frozenset(self.teams),
            topics=None if self.topics is None else frozenset(self.topics),
        )


def load_draft(session: SessionBase, organization_id: int) -> Draft:
    """Return the draft of this session for an organization, an empty one where there is none."""
    return Draft(**session.get(SESSION_KEY, {}).get(str(organization_id), {}))


def store_draft(session: SessionBase, organization_id: int, draft: Draft) -> None:
    """Keep the draft; the oldest go when there are many."""
    drafts = session.get(SESSION_KEY, {})
    drafts.pop(str(organization_id), None)
    drafts[str(organization_id)] = asdict(draft)
    session[SESSION_KEY] = dict(list(drafts.items())[-MOST_DRAFTS:])


def drop_draft(session: SessionBase, organization_id: int) -> None:
    """Forget the draft: it was sent, or given up."""
    drafts = session.get(SESSION_KEY, {})
    if drafts.pop(str(organization_id), None) is not None:
        session[SESSION_KEY] = drafts
