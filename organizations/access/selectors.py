"""Read grants and teams, for every room above."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, Q

from accounts.users.selectors import matching
from organizations.access.choices import find_products, list_family_choices
from organizations.access.models import Grant
from organizations.access.roles import UNRESTRICTED
from organizations.access.timebox import live
from organizations.members.models import Membership


@dataclass(frozen=True, slots=True)
class NamedGrant:
    """A grant with the name of what it reaches."""

    grant: Grant
    name: str


def name_grants(*, organization_id: int, grants: Collection[Grant]) -> list[NamedGrant]:
    """Return grants with names, families first; at most two queries, however many grants."""
    names = name_targets(
        organization_id=organization_id,
        families={grant.family for grant in grants if grant.family},
        product_ids={grant.product_id for grant in grants if grant.product_id is not None},
    )
    named = [NamedGrant(grant, names[grant.family or grant.product_id]) for grant in grants]
    return sorted(named, key=lambda row: (not row.grant.family, row.name.lower(), row.grant.pk))


def name_targets(
    *, organization_id: int, families: Collection[str], product_ids: Collection[int]
) -> dict[str | int | None, str]:
    """Return the names of families by slug and of products by id, as far as they are known."""
    names: dict[str | int | None, str] = {family: family for family in families}
    names |= {product_id: f"#{product_id}" for product_id in product_ids}
    if families:
        known = dict(list_family_choices())
        names |= {family: known.get(family, family) for family in families}
    if product_ids:
        found = find_products(organization_id, ids=product_ids)
        names |= {product.id: product.name for product in found}
    return names


def name_target(*, organization_id: int, family: str, product_id: int | None) -> str:
    """Return the name of a family or a product, or what is known of it."""
    names = name_targets(
        organization_id=organization_id,
        families={family} if family else (),
        product_ids={product_id} if product_id is not None else (),
    )
    return names[family or product_id]


def list_grants(
    *, organization_id: int, at: datetime, membership_id: int | None = None, team_id: int | None = None
) -> list[NamedGrant]:
    """Return what is granted at `at` to a member directly, or to a team, with names."""
    holder = Q(team_id=team_id) if membership_id is None else Q(membership_id=membership_id)
    grants = Grant.objects.filter(live(at), holder, organization_id=organization_id)
    return name_grants(organization_id=organization_id, grants=list(grants))


@dataclass(frozen=True, slots=True)
class ProductAccess:
    """Who reaches a product: the leading members by role, teams and members by a grant.

    `has_more`: not all teams and members are named.
    """

    leading: list[Membership]
    leading_count: int
    teams: Sequence[Grant]
    members: Sequence[Grant]
    has_more: bool


def list_product_access(
    *, organization_id: int, product_id: int, family: str, at: datetime, search: str = "", limit: int = 50
) -> ProductAccess:
    """Return who sees or manages one product at `at`, and why; four queries.

    Teams carry `members`, the number of their members; at most `limit` teams and members are named, those
    whose name (or login) holds `search`.
    """
    leading = Membership.objects.filter(organization_id=organization_id, role__in=UNRESTRICTED)
    grants = Grant.objects.filter(
        live(at), Q(family="", product_id=product_id) | Q(family=family), organization_id=organization_id
    ).order_by("id")
    to_teams = grants.exclude(team=None).select_related("team")
    to_teams = to_teams.filter(team__name__icontains=search).annotate(members=Count("team__places"))
    to_members = grants.exclude(membership=None).exclude(membership__role__in=UNRESTRICTED)
    to_members = to_members.filter(matching(search, via="membership__user__"))
    teams = list(to_teams[: limit + 1])
    members = list(to_members.select_related("membership__user")[: limit + 1])
    return ProductAccess(
        leading=list(leading.select_related("user").order_by("-role", "id")[:5]),
        leading_count=leading.count(),
        teams=teams[:limit],
        members=members[:limit],
        has_more=max(len(teams), len(members)) > limit,
    )
