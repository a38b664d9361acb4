"""Tasks of an organization, for the matrix."""

from typing import Any

from organizations.profile.models import Organization
from organizations.progress.models import Task
from tests.isolation.world import MAKERS, World


def _task(world: World, organization: Organization, made: dict[str, Any]) -> int:
    """Return the task of an action that the panel asked for: administrators alone see it."""
    MAKERS["asked_nas_id"](world, organization, made)
    return Task.objects.filter(organization_id=organization.pk).latest("pk").pk


MAKERS["task_id"] = _task
