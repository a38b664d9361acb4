"""Teams, grants and requests of an organization, for the matrix."""

from itertools import count
from typing import Any

from manager.kit.clock import now
from organizations.access.models import Level
from organizations.access.roles import Role
from organizations.members.models import Membership
from organizations.profile.models import Organization
from organizations.requests.models import AccessRequest
from organizations.support.models import SupportGrant, SupportKind
from organizations.teams.models import Team, TeamMembership
from tests.factories.cast import AT, grant, make_member
from tests.factories.support import open_support
from tests.isolation.world import MAKERS, World, word_of

_numbers = count(1)


def _team(world: World, organization: Organization, made: dict[str, Any]) -> int:
    name = f"{word_of(world, organization)} team {next(_numbers)}"
    return Team.objects.create(organization=organization, name=name, created_at=AT).pk


def _member(world: World, organization: Organization) -> Membership:
    user = make_member(organization, Role.EXTERNAL, name=f"{word_of(world, organization).title()} Member")
    return Membership.objects.get(user=user)


def _place(world: World, organization: Organization, made: dict[str, Any]) -> int:
    """Return a membership that is in the team of the address."""
    member = _member(world, organization)
    TeamMembership.objects.create(
        organization=organization, team_id=made["team_id"], membership=member, created_at=AT
    )
    return member.pk


def _grant(world: World, organization: Organization, made: dict[str, Any]) -> int:
    member = _member(world, organization)
    family = f"family-{next(_numbers)}"
    grant(organization, member.user, family=family)
    return int(member.grants.get(family=family).pk)


def _request(world: World, organization: Organization, made: dict[str, Any]) -> int:
    member = _member(world, organization)
    return AccessRequest.objects.create(
        organization=organization,
        membership=member,
        user_id=member.user_id,
        family="web",
        level=Level.VIEW,
        message=f"{word_of(world, organization)} needs it",
        created_at=AT,
    ).pk


def _support(world: World, organization: Organization, made: dict[str, Any]) -> int:
    SupportGrant.objects.filter(organization_id=organization.pk, kind=SupportKind.CHAT, ended_at=None).update(
        ended_at=now()
    )
    return open_support(organization, [SupportKind.CHAT], reason=word_of(world, organization))[0].pk


MAKERS.update(
    {"support_grant_id": _support, "kind": lambda world, organization, made: SupportKind.MAIL.value}
)
MAKERS.update({"team_id": _team, "placed_id": _place, "grant_id": _grant, "request_id": _request})
