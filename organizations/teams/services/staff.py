"""Take members into a team and out of it."""

from collections.abc import Collection
from datetime import datetime

from django.db import transaction

from manager.kit.actor import Actor
from manager.kit.errors import NotFound
from manager.kit.scope import tenant_scope
from manager.outbox.publish import publish
from organizations.access.locks import lock_members
from organizations.access.memberships import get_member
from organizations.audit.services import record_audit
from organizations.members.models import Membership
from organizations.teams.models import Team, TeamMembership
from organizations.teams.rules import check_may_staff
from organizations.teams.selectors import get_team


def add_to_team(
    *,
    organization_id: int,
    team_id: int,
    membership_ids: Collection[int],
    adder: Membership,
    actor: Actor,
    at: datetime,
) -> list[Membership]:
    """Take members into a team, all of them or none; return those who were not in it yet (ORG-12).

    They have at once what is granted to the team. Publishes `team.members_added`, unless nobody is new.

    :raises NotFound: no such team, or one of them is no member of this organization.
    :raises TeamNotYours: the adder neither manages members nor leads the team.
    """
    with tenant_scope(organization_id), transaction.atomic():
        team, members = _lock(organization_id, team_id, membership_ids, adder)
        inside = TeamMembership.objects.filter(organization_id=organization_id, team_id=team.pk)
        there = set(inside.filter(membership_id__in=membership_ids).values_list("membership_id", flat=True))
        added = [member for member in members if member.pk not in there]
        TeamMembership.objects.bulk_create(
            TeamMembership(organization_id=organization_id, team=team, membership=member, created_at=at)
            for member in added
        )
        if added:
            _tell(team, "team.members_added", added, actor, at)
    return added


def remove_from_team(
    *,
    organization_id: int,
    team_id: int,
    membership_ids: Collection[int],
    remover: Membership,
    actor: Actor,
    at: datetime,
) -> list[Membership]:
    """Take members out of a team, all of them or none; what they had by it ends at once (ORG-12).

    A leader who goes leads it no longer. Publishes `team.members_removed`.

    :raises NotFound: no such team, or one of them is not in it.
    :raises TeamNotYours: the remover neither manages members nor leads the team.
    """
    with tenant_scope(organization_id), transaction.atomic():
        team, members = _lock(organization_id, team_id, membership_ids, remover)
        places = TeamMembership.objects.filter(
            organization_id=organization_id, team_id=team.pk, membership_id__in=membership_ids
        )
        if places.count() != len(members):
            raise NotFound
        places.delete()
        if team.leader_id in {member.pk for member in members}:
            team.leader = None
            team.save(update_fields=["leader"])
        _tell(team, "team.members_removed", members, actor, at)
    return members


def _lock(
    organization_id: int, team_id: int, membership_ids: Collection[int], by: Membership
) -> tuple[Team, list[Membership]]:
    lock_members(organization_id=organization_id)
    team = get_team(organization_id=organization_id, team_id=team_id)
    every = Membership.objects.select_related("user").filter(organization_id=organization_id)
    # As it is now: the actor's own role may have changed while this one waited.
    asking = get_member(organization_id=organization_id, membership_id=by.pk)
    check_may_staff(team=team, membership=asking)
    members = list(every.filter(pk__in=membership_ids).order_by("pk"))
    if not members or len(members) != len(set(membership_ids)):
        raise NotFound
    return team, members


def _tell(team: Team, name: str, members: list[Membership], actor: Actor, at: datetime) -> None:
    record_audit(
        organization_id=team.organization_id,
        name=name,
        actor=actor,
        at=at,
        subject=team,
        members=[member.user.name for member in members],
    )
    publish(
        name,
        organization_id=team.organization_id,
        payload={"team": team.pk, "memberships": [member.pk for member in members]},
        at=at,
    )
