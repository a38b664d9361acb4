"""Write down that time-boxed rights are over: one drain for every kind (ORG-13, ORG-15)."""

import logging
from collections.abc import Callable
from datetime import datetime

from django.db import transaction

from manager.kit.scope import tenant_scope
from organizations.access.timebox import TimeBoxed

logger = logging.getLogger(__name__)

BATCH = 500
Expire = Callable[[TimeBoxed, datetime], None]

_kinds: dict[type[TimeBoxed], Expire] = {}


def register_time_boxed(model: type[TimeBoxed], expire: Expire) -> None:
    """Let the drain end rows of `model`: `expire` marks a locked one, writes the audit log and publishes."""
    _kinds[model] = expire


def drain_ended_rights(*, at: datetime) -> int:
    """Mark every right whose end has come at `at` as ended, and tell; return how many.

    The rights count no more from their end on, also before this has run. Each is a transaction of its own
    under its row's lock; one that is locked or fails is found again by the next drain.
    """
    return sum(_drain(model, at) for model in _kinds)


def _drain(model: type[TimeBoxed], at: datetime) -> int:
    rows = model._default_manager.using("system").filter(ended_at=None, ends_at__lte=at)  # noqa: SLF001  (Django's documented API)
    done = 0
    last = 0
    while found := list(rows.filter(pk__gt=last).order_by("pk").values_list("pk", "organization_id")[:BATCH]):
        last = found[-1][0]
        done += sum(_end(model, right_id=pk, organization_id=owner, at=at) for pk, owner in found)
    return done


def _end(model: type[TimeBoxed], *, right_id: int, organization_id: int, at: datetime) -> bool:
    try:
        with tenant_scope(organization_id), transaction.atomic():
            right = (
                model._default_manager.select_for_update(skip_locked=True, of=("self",))  # noqa: SLF001  (see above)
                .filter(pk=right_id, organization_id=organization_id, ended_at=None, ends_at__lte=at)
                .first()
            )
            if right is None:
                return False
            _kinds[model](right, at)
    except Exception:  # one right that fails must not stop the others
        logger.exception("The end of %s %s could not be written down.", model.__name__, right_id)
        return False
    return True
