"""Why a member reaches what he or she reaches: the answers of `explain`, named for people."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import QuerySet

from manager.kit.errors import NotFound
from organizations.access.choices import ProductRef, find_products, list_family_choices
from organizations.access.decisions import (
    Explanation,
    Standing,
    explain,
    find_standing,
    list_granting_names,
)
from organizations.access.models import Grant, Level
from organizations.access.roles import PERMISSION_LABELS, Permission
from organizations.access.selectors import NamedGrant, name_grants
from organizations.access.timebox import live
from organizations.members.models import Membership
from organizations.teams.models import Team
from organizations.teams.selectors import find_teams_of


@dataclass(frozen=True, slots=True)
class Why:
    """What a member may do with one product, and what makes it so."""

    product: ProductRef
    family_name: str
    view: Explanation
    manage: Explanation
    granted_by: list[str]


@dataclass(frozen=True, slots=True)
class Reach:
    """Everything that gives a member rights: role and billing right, teams, and what is granted."""

    permissions: list[tuple[str, Explanation]]
    teams: list[Team]
    direct: list[NamedGrant]
    by_team: list[NamedGrant]


def get_product_ref(*, organization_id: int, product_id: int) -> ProductRef:
    """Return a product of the organization.

    :raises NotFound: there is none.
    """
    found = find_products(organization_id, ids=[product_id])
    if not found:
        raise NotFound
    return found[0]


def explain_why(*, standing: Standing, product: ProductRef) -> Why:
    """Return why the member does, or does not, see and manage `product`."""
    view = explain(standing=standing, permission=Permission.PRODUCTS_VIEW, product=product)
    manage = explain(standing=standing, permission=Permission.PRODUCTS_MANAGE, product=product)
    is_missing = not (view.allowed and manage.allowed)
    organization_id = standing.membership.organization_id
    return Why(
        product=product,
        family_name=dict(list_family_choices()).get(product.family, product.family),
        view=view,
        manage=manage,
        granted_by=list_granting_names(organization_id=organization_id) if is_missing else [],
    )


def list_reach(*, membership: Membership, at: datetime) -> Reach:
    """Return all that gives `membership` rights at `at`, as `explain` sees it; five queries at most."""
    standing = find_standing(membership=membership, at=at)
    organization_id = membership.organization_id
    named = name_grants(organization_id=organization_id, grants=standing.grants)
    teams = find_teams_of(organization_id=organization_id, membership_ids=[membership.pk])
    return Reach(
        permissions=[
            (str(PERMISSION_LABELS[permission]), explain(standing=standing, permission=permission))
            for permission in Permission
        ],
        teams=teams.get(membership.pk, []),
        direct=[row for row in named if row.grant.team_id is None],
        by_team=[row for row in named if row.grant.team_id is not None],
    )


def list_live_grants(*, organization_id: int, at: datetime) -> QuerySet[Grant]:
    """Return every grant of the organization that counts at `at`."""
    return Grant.objects.filter(live(at), organization_id=organization_id)


def get_visible_product(*, standing: Standing, product_id: int) -> ProductRef:
    """Return a product that the member sees.

    :raises NotFound: there is none, or not for this member, who must not learn that it is there.
    """
    product = get_product_ref(organization_id=standing.membership.organization_id, product_id=product_id)
    if not explain(standing=standing, permission=Permission.PRODUCTS_VIEW, product=product).allowed:
        raise NotFound
    return product


def list_losers(*, grant: Grant, at: datetime) -> list[Membership]:
    """Return the members who had by `grant`, which has ended, what nothing else gives them at `at`."""
    members = Membership.objects.select_related("user").filter(
        organization_id=grant.organization_id, user__is_active=True
    )
    holders = (
        members.filter(team_places__team_id=grant.team_id)
        if grant.team_id is not None
        else members.filter(pk=grant.membership_id or 0)
    )
    family = grant.family
    if grant.product_id is not None:
        found = find_products(grant.organization_id, ids=[grant.product_id])
        family = found[0].family if found else ""
    return [member for member in holders.order_by("id") if not _keeps(member, grant, family, at)]


def _keeps(member: Membership, grant: Grant, family: str, at: datetime) -> bool:
    scope = find_standing(membership=member, at=at).product_scope
    may = scope.may_manage if grant.level == Level.MANAGE else scope.may_view
    # No product has the id 0: of a grant on a family the family alone decides.
    return may(grant.product_id or 0, family)
