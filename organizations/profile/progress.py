"""How far checks of the VAT number are, as tasks (API-1, ORG-4)."""

from django.db.models import Case, CharField, F, QuerySet, Value, When

from organizations.access.roles import Permission
from organizations.profile.models import VatCheck, VatCheckState
from organizations.profile.services.vat import TASK
from organizations.progress.kinds import NO_NUMBER, Progress, Sight, TaskKind, Work, register_kind
from organizations.progress.status import TaskState

# A register that is not available is asked again, for as long as it takes.
STATE = Case(
    When(due_at=None, then=Value(TaskState.DONE.value)),
    When(state=VatCheckState.WAITING, fence__gt=0, then=Value(TaskState.RUNNING.value)),
    default=Value(TaskState.PENDING.value),
    output_field=CharField(),
)
PLACE: tuple[str, dict[str, int]] = ("vat_check", {})


def find_checks(sight: Sight) -> QuerySet[VatCheck]:
    """Return the checks of the organization's numbers."""
    return VatCheck.objects.filter(organization_id=sight.organization.pk).annotate(
        task_state=STATE,
        task_done=NO_NUMBER,
        task_total=NO_NUMBER,
        task_finished_at=F("answered_at"),
        task_parent_id=NO_NUMBER,
    )


def tell_check(check: Work) -> Progress:
    """Return how far a check is."""
    state = TaskState(check.state)
    return Progress(
        state=state,
        address=PLACE,
        result=PLACE if state == TaskState.DONE else None,
    )


register_kind(TaskKind(TASK, Permission.ORGANIZATION_MANAGE, "organizations:read", find_checks, tell_check))
