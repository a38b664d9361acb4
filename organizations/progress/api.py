"""REST operations on tasks, and the answer of operations that only start their work (API-1)."""

from dataclasses import replace
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema, extend_schema_field
from rest_framework import serializers, status
from rest_framework.response import Response

from accounts.tokens.scopes import Scope
from manager.kit.api import success
from manager.kit.errors import NotFound
from manager.kit.listing import Listing, answer_list
from organizations.access.api import OrganizationAPIRequest, OrganizationAPIView
from organizations.access.roles import Permission
from organizations.progress.kinds import Sight, list_kinds
from organizations.progress.models import Task
from organizations.progress.selectors import (
    LAST_STARTED,
    ShownTask,
    describe_tasks,
    get_task,
    list_tasks,
)
from organizations.progress.status import TaskState


class StepsOutput(serializers.Serializer[Any]):
    """How many steps of the work are done."""

    done = serializers.IntegerField()
    total = serializers.IntegerField()


class TaskOutput(serializers.Serializer[Any]):
    """Long work. `address` shows what is worked on, `result` gives what came of it and is null before.

    `progress` is null where no steps are counted; `failed_because` is for people and empty unless it failed.
    """

    id = serializers.IntegerField(source="task.pk")
    kind = serializers.CharField(source="task.kind")
    state = serializers.ChoiceField(choices=TaskState.choices, source="progress.state")
    progress = serializers.SerializerMethodField()
    failed_because = serializers.CharField(source="progress.failed_because")
    started_by_id = serializers.IntegerField(source="task.started_by", allow_null=True)
    started_at = serializers.DateTimeField(source="task.started_at")
    finished_at = serializers.DateTimeField(source="work.finished_at", allow_null=True)
    address = serializers.SerializerMethodField()
    result = serializers.SerializerMethodField()

    @extend_schema_field(StepsOutput(allow_null=True))
    def get_progress(self, shown: ShownTask) -> dict[str, Any] | None:
        """Return the steps, or null."""
        return None if shown.work.total is None else dict(StepsOutput(shown.work).data)

    def get_address(self, shown: ShownTask) -> str:
        """Return where the work is shown."""
        return _address(shown, shown.progress.address)

    def get_result(self, shown: ShownTask) -> str | None:
        """Return where the result can be had."""
        return None if shown.progress.result is None else _address(shown, shown.progress.result)


class StartedOutput(serializers.Serializer[Any]):
    """What was started."""

    task = TaskOutput()


class TaskFilters(serializers.Serializer[Any]):
    """What the list can be filtered by."""

    state = serializers.ChoiceField(choices=TaskState.choices, required=False, default="")
    kind = serializers.SlugField(max_length=30, required=False, default="")

    def validate_kind(self, value: str) -> str:
        """Refuse what is no kind."""
        if value and value not in {kind.name for kind in list_kinds()}:
            raise serializers.ValidationError(_("Please choose one of the values offered."))
        return value


class TaskList(OrganizationAPIView):
    """The tasks of an organization."""

    permissions = {"GET": Permission.ORGANIZATION_VIEW}
    scopes = {"GET": Scope.ORGANIZATIONS_READ}
    listing = Listing(orders={"started_at": LAST_STARTED}, descending=True, filters=TaskFilters)

    @extend_schema(responses=TaskOutput(many=True), operation_id="tasks_list")
    def get(self, request: OrganizationAPIRequest) -> Response:
        """List the tasks of the last 30 days: your own ones, all to administrators; last asked for first."""
        asked = self.listing.read(request.query_params)
        sight = sight_of(request)

        def write(rows: list[Task]) -> Any:
            return TaskOutput(describe_tasks(sight=sight, tasks=rows), many=True).data

        return answer_list(asked, list_tasks(sight=sight, **asked.criteria), write)


class TaskDetail(OrganizationAPIView):
    """One task."""

    permissions = {"GET": Permission.ORGANIZATION_VIEW}
    scopes = {"GET": Scope.ORGANIZATIONS_READ}

    @extend_schema(responses=TaskOutput, operation_id="tasks_read")
    def get(self, request: OrganizationAPIRequest, task_id: int) -> Response:
        """Return how far a task is."""
        return success(TaskOutput(get_task(sight=sight_of(request), task_id=task_id)).data)


def sight_of(request: OrganizationAPIRequest) -> Sight:
    """Return what the person sees through the token."""
    scopes: Any = request.auth.scopes
    return Sight(
        request.organization, request.user.pk, request.can, request.product_scope, scopes, request.at
    )


def started(request: OrganizationAPIRequest, kind: str, subject_id: int) -> Response:
    """Answer that the work has been started, with its task.

    :raises NotFound: it is gone again, as when the number of a check was changed at this moment.
    """
    # Who has just started it is told of it, also by a token that may not read.
    sight = replace(sight_of(request), scopes=frozenset(Scope.values))
    own = list_tasks(sight=sight, kind=kind).filter(subject_id=subject_id, started_by=request.user.pk)
    shown = describe_tasks(sight=sight, tasks=list(own))
    if not shown:
        raise NotFound
    answer = {"result": "asynchronous", "data": StartedOutput({"task": shown[0]}).data}
    return Response(answer, status=status.HTTP_202_ACCEPTED)


def _address(shown: ShownTask, place: tuple[str, dict[str, int]]) -> str:
    name, values = place
    return reverse(f"api-1:{name}", kwargs={"organization": shown.task.organization_id, **values})
