"""The one way to change a status: by the room's table of transitions."""

from collections.abc import Mapping
from typing import Protocol

from django.utils.translation import gettext_lazy as _

from manager.kit.errors import IllegalTransition


class HasStatus(Protocol):
    """An object with a status column."""

    status: str


def transition(subject: HasStatus, to: str, table: Mapping[str, frozenset[str]]) -> None:
    """Set `subject.status` to `to` when `table` allows it; the caller has locked the row and saves it.

    :raises IllegalTransition: the table has no such step.
    """
    if to not in table.get(subject.status, frozenset()):
        raise IllegalTransition(
            _("This cannot be done in the present state."), current=str(subject.status), wanted=str(to)
        )
    subject.status = to
