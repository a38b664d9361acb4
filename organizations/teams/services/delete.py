"""Delete a team."""

from datetime import datetime

from django.db import transaction

from manager.kit.actor import Actor
from manager.kit.scope import tenant_scope
from manager.outbox.publish import publish
from organizations.access.locks import lock_members
from organizations.access.selectors import list_grants
from organizations.audit.services import record_audit
from organizations.teams.selectors import get_team, list_places


def delete_team(*, organization_id: int, team_id: int, actor: Actor, at: datetime) -> None:
    """Delete a team with what is granted to it; its members stay members (ORG-12). Publishes `team.deleted`.

    :raises NotFound: no such team in this organization.
    """
    with tenant_scope(organization_id), transaction.atomic():
        lock_members(organization_id=organization_id)
        team = get_team(organization_id=organization_id, team_id=team_id)
        grants = list_grants(organization_id=organization_id, team_id=team.pk, at=at)
        record_audit(
            organization_id=organization_id,
            name="team.deleted",
            actor=actor,
            at=at,
            subject=team,
            members=list_places(team=team).count(),
            access=[row.name for row in grants],
        )
        publish("team.deleted", organization_id=organization_id, payload={"team": team.pk}, at=at)
        team.delete()
