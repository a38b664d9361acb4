"""Create a team."""

from datetime import datetime

from django.db import transaction

from manager.kit.actor import Actor
from manager.kit.names import is_named
from manager.kit.scope import tenant_scope
from manager.outbox.publish import publish
from organizations.access.locks import lock_members
from organizations.audit.services import record_audit
from organizations.teams.models import Team
from organizations.teams.rules import TeamNameTaken


def create_team(*, organization_id: int, name: str, color: str, actor: Actor, at: datetime) -> Team:
    """Create an empty team (ORG-12). Publishes `team.created`.

    :raises TeamNameTaken: another team has this name, in whatever case.
    """
    with tenant_scope(organization_id), transaction.atomic():
        lock_members(organization_id=organization_id)
        check_name_free(organization_id=organization_id, name=name)
        team = Team.objects.create(organization_id=organization_id, name=name, color=color, created_at=at)
        record_audit(organization_id=organization_id, name="team.created", actor=actor, at=at, subject=team)
        publish("team.created", organization_id=organization_id, payload={"team": team.pk}, at=at)
    return team


def check_name_free(*, organization_id: int, name: str, but: int | None = None) -> None:
    """Let a name pass that no other team has; under `lock_members`.

    :raises TeamNameTaken: one has it, in whatever case.
    """
    same = Team.objects.filter(is_named(name), organization_id=organization_id)
    if (same if but is None else same.exclude(pk=but)).exists():
        raise TeamNameTaken
