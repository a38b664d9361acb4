"""Read tasks: who may not see the work does not see its task (API-1)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import CharField, Exists, F, OuterRef, Q, QuerySet, Value

from manager.kit.errors import NotFound
from manager.kit.keyset import SortKey
from organizations.access.roles import Permission
from organizations.progress.kinds import COLUMNS, Progress, Sight, Work, kinds_seen
from organizations.progress.models import Task

LAST_STARTED = SortKey(F("started_at"), lambda task: task.started_at.isoformat(), datetime.fromisoformat)


@dataclass(frozen=True, slots=True)
class ShownTask:
    """A task with its work, and how far it is."""

    task: Task
    work: Work
    progress: Progress


def list_tasks(*, sight: Sight, kind: str = "", state: str = "") -> QuerySet[Task]:
    """Return the tasks that can be seen: a person's own, and all to administrators."""
    seen = Q(pk__in=[])
    for one in kinds_seen(sight):
        work = one.find(sight).filter(pk=OuterRef("subject_id"))
        work = work.filter(task_state=state) if state else work
        seen |= Q(Exists(work), kind=one.name)
    tasks = Task.objects.filter(seen, organization_id=sight.organization.pk)
    if Permission.ORGANIZATION_MANAGE not in sight.can:
        tasks = tasks.filter(started_by=sight.user_id)
    return tasks.filter(kind=kind) if kind else tasks


def get_task(*, sight: Sight, task_id: int) -> ShownTask:
    """Return one task.

    :raises NotFound: there is none of that id, or its work cannot be seen.
    """
    shown = describe_tasks(sight=sight, tasks=list(list_tasks(sight=sight).filter(pk=task_id)))
    if not shown:
        raise NotFound
    return shown[0]


def describe_tasks(*, sight: Sight, tasks: Sequence[Task]) -> list[ShownTask]:
    """Return tasks with how far they are, in their order; one query, whatever kinds are among them."""
    kinds = {kind.name: kind for kind in kinds_seen(sight)}
    parts = []
    for kind in kinds.values():
        ids = [task.subject_id for task in tasks if task.kind == kind.name]
        named = kind.find(sight).annotate(task_kind=Value(kind.name, CharField()))
        parts += [named.filter(pk__in=ids).values_list(*COLUMNS)] if ids else []
    rows = parts[0].union(*parts[1:], all=True) if parts else ()
    found = {(work.kind, work.id): work for work in map(Work._make, rows)}
    places = [(task, found.get((task.kind, task.subject_id))) for task in tasks]
    return [ShownTask(task, work, kinds[work.kind].tell(work)) for task, work in places if work is not None]
