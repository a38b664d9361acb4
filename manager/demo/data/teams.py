"""Teams of the demonstration, what is granted to them, and a request that waits for an answer."""

from datetime import datetime, timedelta

from accounts.users.models import User
from manager.demo.data.organizations import acting
from manager.kit.scope import tenant_scope
from organizations.access.choices import find_products
from organizations.grants.rules import Target
from organizations.grants.services import grant_access
from organizations.members.models import Membership
from organizations.profile.models import Organization
from organizations.requests.services import ask_access
from organizations.teams.models import Color, Team
from organizations.teams.services import add_to_team, create_team, name_leader


def form_teams(*, organizations: dict[str, Organization], users: dict[str, User], at: datetime) -> None:
    """Form two teams at Alpina: one for a family with a leader, one for single products until next month.

    Sofia asks for the billing right, as she is to order for her team (UI-6).
    """
    organization, owner = organizations["alpina"], users["anna"]
    with tenant_scope(organization.pk, owner.pk):
        members = {
            member.user_id: member
            for member in Membership.objects.select_related("user").filter(organization=organization)
        }
        anna, sofia, jonas = (members[users[key].pk] for key in ("anna", "sofia", "jonas"))
        web = _form(anna, "Web & shop", Color.TEAL, [sofia, jonas], at=at)
        name_leader(
            organization_id=organization.pk,
            team_id=web.pk,
            leader_id=sofia.pk,
            actor=acting(owner),
            at=at,
        )
        _grant(anna, web, [Target(family="cloud")], "view", at=at)
        launch = _form(anna, "Launch in spring", Color.PINK, [jonas], at=at)
        products = find_products(organization.pk, search="hotel", limit=3)
        targets = [Target(product_id=product.id) for product in products]
        _grant(anna, launch, targets, "manage", at=at, ends_at=at + timedelta(days=30))
        ask_access(
            membership=sofia,
            permission="billing:manage",
            message="I order the hosting for the new shop.",
            actor=acting(sofia.user),
            at=at,
        )


def _form(leader: Membership, name: str, color: Color, members: list[Membership], *, at: datetime) -> Team:
    team = create_team(
        organization_id=leader.organization_id, name=name, color=color, actor=acting(leader.user), at=at
    )
    add_to_team(
        organization_id=leader.organization_id,
        team_id=team.pk,
        membership_ids=[member.pk for member in members],
        adder=leader,
        actor=acting(leader.user),
        at=at,
    )
    return team


def _grant(
    leader: Membership,
    team: Team,
    targets: list[Target],
    level: str,
    *,
    at: datetime,
    ends_at: datetime | None = None,
) -> None:
    grant_access(
        organization_id=leader.organization_id,
        team_id=team.pk,
        targets=targets,
        level=level,
        ends_at=ends_at,
        granter=leader,
        actor=acting(leader.user),
        at=at,
    )
