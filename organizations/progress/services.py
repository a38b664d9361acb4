"""Write down who started long work, and forget it when it is old (API-1)."""

from datetime import datetime, timedelta

from manager.kit.actor import Actor
from organizations.progress.models import Task

KEPT = timedelta(days=30)
AT_ONCE = 5000


def begin_task(*, organization_id: int, kind: str, subject_id: int, actor: Actor, at: datetime) -> Task:
    """Write down that `actor` has started the work, in the transaction that makes the room's row of it.

    Asked for once more by the same person it stays one task, from `at` on.
    """
    task, _is_new = Task.objects.update_or_create(
        organization_id=organization_id,
        kind=kind,
        subject_id=subject_id,
        started_by=actor.user_id,
        defaults={"started_at": at},
    )
    return task


def join_task(*, organization_id: int, kind: str, subject_id: int, actor: Actor, at: datetime) -> Task:
    """Write down that `actor` asked for what was begun before; his or her own task of it stays as it is."""
    task, _is_new = Task.objects.get_or_create(
        organization_id=organization_id,
        kind=kind,
        subject_id=subject_id,
        started_by=actor.user_id,
        defaults={"started_at": at},
    )
    return task


def drop_old_tasks(*, at: datetime) -> int:
    """Delete what was started thirty days ago, of all organizations, some at once; return how many."""
    old = Task.objects.using("system").filter(started_at__lte=at - KEPT)
    ids = list(old.order_by("started_at").values_list("pk", flat=True)[:AT_ONCE])
    return Task.objects.using("system").filter(pk__in=ids).delete()[0]
