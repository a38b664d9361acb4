"""How far files of periods are, as tasks (API-1)."""

from django.db.models import Case, CharField, F, QuerySet, Value, When

from billing.archives.models import PeriodArchive
from billing.archives.services import TASK
from organizations.access.roles import Permission
from organizations.progress.kinds import NO_NUMBER, Progress, Sight, TaskKind, Work, register_kind
from organizations.progress.status import TaskState

STATE = Case(
    When(ready_at__isnull=False, then=Value(TaskState.DONE.value)),
    When(fence=0, then=Value(TaskState.PENDING.value)),
    default=Value(TaskState.RUNNING.value),
    output_field=CharField(),
)


def find_archives(sight: Sight) -> QuerySet[PeriodArchive]:
    """Return the files whose days are not over."""
    rows = PeriodArchive.objects.filter(organization_id=sight.organization.pk, expires_at__gt=sight.at)
    return rows.annotate(
        task_state=STATE,
        task_done=F("done"),
        task_total=F("total"),
        task_finished_at=F("ready_at"),
        task_parent_id=NO_NUMBER,
    )


def tell_archive(archive: Work) -> Progress:
    """Return how far a file is, in documents; one that cannot be made yet is begun again by itself."""
    state = TaskState(archive.state)
    which = {"archive_id": archive.id}
    return Progress(
        state=state,
        address=("archive", which),
        result=("archive_file", which) if state == TaskState.DONE else None,
    )


register_kind(TaskKind(TASK, Permission.BILLING_VIEW, "billing:read", find_archives, tell_archive))
