"""Change what a team is called, its colour and who leads it."""

from datetime import datetime

from django.db import transaction

from manager.kit.actor import Actor
from manager.kit.errors import NotFound
from manager.kit.scope import tenant_scope
from manager.outbox.publish import publish
from organizations.access.locks import lock_members
from organizations.audit.services import record_audit
from organizations.members.models import Membership
from organizations.teams.models import Team, TeamMembership
from organizations.teams.rules import check_may_lead
from organizations.teams.selectors import get_team
from organizations.teams.services.create import check_name_free


def edit_team(
    *,
    organization_id: int,
    team_id: int,
    name: str,
    color: str,
    leader_id: int | None,
    actor: Actor,
    at: datetime,
) -> Team:
    """Give a team another name, colour or leader (ORG-12); a leader who is not in it yet joins it.

    Publishes `team.edited`, unless nothing changes.

    :raises NotFound: no such team, or no such member, in this organization.
    :raises TeamNameTaken: another team has this name.
    :raises LeaderNotAllowed: the leader would be an external user.
    """
    with tenant_scope(organization_id), transaction.atomic():
        lock_members(organization_id=organization_id)
        team = get_team(organization_id=organization_id, team_id=team_id)
        before = _facts(team)
        check_name_free(organization_id=organization_id, name=name, but=team.pk)
        leader = _find_leader(organization_id, leader_id)
        if leader is not None and leader.pk != team.leader_id:
            check_may_lead(leader)
            TeamMembership.objects.get_or_create(
                organization_id=organization_id, team=team, membership=leader, defaults={"created_at": at}
            )
        team.name, team.color, team.leader = name, color, leader
        team.save(update_fields=["name", "color", "leader"])
        after = _facts(team)
        if before != after:
            record_audit(
                organization_id=organization_id,
                name="team.edited",
                actor=actor,
                at=at,
                subject=team,
                before=before,
                after=after,
            )
            publish("team.edited", organization_id=organization_id, payload={"team": team.pk}, at=at)
    return team


def _find_leader(organization_id: int, leader_id: int | None) -> Membership | None:
    if leader_id is None:
        return None
    members = Membership.objects.select_related("user").filter(organization_id=organization_id)
    leader = members.filter(pk=leader_id).first()
    if leader is None:
        raise NotFound
    return leader


def _facts(team: Team) -> dict[str, str]:
    return {
        "name": team.name,
        "color": str(team.color),
        "leader": team.leader.user.name if team.leader else "",
    }
