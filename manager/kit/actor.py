"""Who does something: a person, a token of a person, the operator's staff, or the system itself."""

from dataclasses import dataclass
from enum import StrEnum


class ActorKind(StrEnum):
    """Kinds of actors, as they stand in the audit log."""

    PERSON = "person"
    TOKEN = "token"  # noqa: S105  (a kind, not a secret)
    STAFF = "staff"
    SYSTEM = "system"
    PROVIDER = "provider"
    VISITOR = "visitor"


@dataclass(frozen=True, slots=True)
class Actor:
    """The author of a change, as verbs and the audit log know it.

    `user_id` is the person behind it, if any; `address` and `agent` say from where. `through` names what
    the person acts with (a token, an application, support access), `on_behalf_of` who allowed it, where
    that is somebody else.
    """

    kind: ActorKind
    user_id: int | None = None
    name: str = ""
    address: str | None = None
    agent: str = ""
    through: str = ""
    on_behalf_of: str = ""

    @classmethod
    def system(cls, name: str) -> "Actor":
        """Return the actor of periodic work called `name` (for example `renewals`)."""
        return cls(ActorKind.SYSTEM, name=name)

    @classmethod
    def provider(cls, name: str) -> "Actor":
        """Return the actor of a payment provider's message."""
        return cls(ActorKind.PROVIDER, name=name)
