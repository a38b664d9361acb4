"""The kinds of tasks: rooms say who sees their work, and how far it is (API-1)."""

from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple

from django.db.models import BigIntegerField, QuerySet, Value
from django.db.models.functions import Cast

from manager.kit.errors import Text
from organizations.access.grants import ProductScope
from organizations.access.roles import Permission
from organizations.profile.models import Organization
from organizations.progress.status import TaskState


@dataclass(frozen=True, slots=True)
class Sight:
    """What a person sees at `at`: rights in the organization, products, and the scopes of the token."""

    organization: Organization
    user_id: int
    can: Collection[Permission]
    products: ProductScope
    scopes: Collection[str]
    at: datetime


class Work(NamedTuple):
    """One piece of work of a room, as one query reads those of all kinds.

    `parent_id` names what it belongs to where its address has two ids.
    """

    kind: str
    id: int
    state: str
    done: int | None
    total: int | None
    finished_at: datetime | None
    parent_id: int | None


COLUMNS = ("task_kind", "pk", "task_state", "task_done", "task_total", "task_finished_at", "task_parent_id")
NO_NUMBER = Cast(Value(None), BigIntegerField())
"""The column of a kind that has no such number."""


@dataclass(frozen=True, slots=True)
class Progress:
    """How far one piece of work is.

    `failed_because` says for people what went wrong. `address` is that of the operation that shows the work,
    and `result` of the one that gives what came of it, None before; each with the names of its route and of
    its parameters besides the organization.
    """

    state: TaskState
    address: tuple[str, dict[str, int]]
    result: tuple[str, dict[str, int]] | None = None
    failed_because: Text = ""


@dataclass(frozen=True, slots=True)
class TaskKind:
    """A kind of work.

    `permission` and the token's `scope` are those of the operation that shows it. `find` returns the rows
    of the organization that may be seen, with the columns of `Work`; `tell` says how far one of them is.
    """

    name: str
    permission: Permission
    scope: str
    find: Callable[[Sight], QuerySet[Any]]
    tell: Callable[[Work], Progress]


_kinds: dict[str, TaskKind] = {}


def register_kind(kind: TaskKind) -> None:
    """Let the work of a room be told as tasks; called once for each, at start."""
    _kinds[kind.name] = kind


def list_kinds() -> list[TaskKind]:
    """Return all kinds, by name."""
    return [_kinds[name] for name in sorted(_kinds)]


def kinds_seen(sight: Sight) -> list[TaskKind]:
    """Return the kinds of work that a person sees."""
    return [kind for kind in list_kinds() if kind.permission in sight.can and kind.scope in sight.scopes]
