"""Change what a team is called, its colour, and who leads it."""

from datetime import datetime

from django.db import transaction

from manager.kit.actor import Actor
from manager.kit.scope import tenant_scope
from manager.outbox.publish import publish
from organizations.access.locks import lock_members
from organizations.access.memberships import get_member
from organizations.audit.services import record_audit
from organizations.teams.models import Team, TeamMembership
from organizations.teams.rules import check_may_lead
from organizations.teams.selectors import get_team
from organizations.teams.services.create import check_name_free


def edit_team(
    *, organization_id: int, team_id: int, name: str, color: str, actor: Actor, at: datetime
) -> Team:
    """Give a team another name or colour (ORG-12). Publishes `team.edited`, unless nothing changes.

    :raises NotFound: no such team in this organization.
    :raises TeamNameTaken: another team has this name.
    """
    with tenant_scope(organization_id), transaction.atomic():
        lock_members(organization_id=organization_id)
        team = get_team(organization_id=organization_id, team_id=team_id)
        check_name_free(organization_id=organization_id, name=name, but=team.pk)
        before = {"name": team.name, "color": str(team.color)}
        team.name, team.color = name, color
        team.save(update_fields=["name", "color"])
        _tell(team, before, {"name": name, "color": str(color)}, actor, at)
    return team


def name_leader(
    *, organization_id: int, team_id: int, leader_id: int | None, actor: Actor, at: datetime
) -> Team:
    """Let a member lead a team, or nobody (ORG-12); who is not in the team yet joins it.

    Publishes `team.edited`, unless nothing changes.

    :raises NotFound: no such team, or no such member, in this organization.
    :raises LeaderNotAllowed: the leader would be an external user.
    """
    with tenant_scope(organization_id), transaction.atomic():
        lock_members(organization_id=organization_id)
        team = get_team(organization_id=organization_id, team_id=team_id)
        before = {"leader": team.leader.user.name if team.leader else ""}
        leader = (
            get_member(organization_id=organization_id, membership_id=leader_id)
            if leader_id is not None
            else None
        )
        check_may_lead(leader)
        if leader is not None:
            TeamMembership.objects.get_or_create(
                organization_id=organization_id, team=team, membership=leader, defaults={"created_at": at}
            )
        team.leader = leader
        team.save(update_fields=["leader"])
        _tell(team, before, {"leader": leader.user.name if leader else ""}, actor, at)
    return team


def _tell(team: Team, before: dict[str, str], after: dict[str, str], actor: Actor, at: datetime) -> None:
    if before == after:
        return
    record_audit(
        organization_id=team.organization_id,
        name="team.edited",
        actor=actor,
        at=at,
        subject=team,
        before=before,
        after=after,
    )
    publish("team.edited", organization_id=team.organization_id, payload={"team": team.pk}, at=at)
