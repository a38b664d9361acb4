"""What a member without an unrestricted role sees and manages of the products (ORG-13)."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import TypeVar

from django.db.models import Model, Q, QuerySet

from organizations.access.models import Grant, Level
from organizations.access.roles import UNRESTRICTED
from organizations.access.timebox import live
from organizations.members.models import Membership
from organizations.teams.models import TeamMembership

Row = TypeVar("Row", bound=Model)


@dataclass(frozen=True, slots=True)
class ProductScope:
    """The products that a member sees (`families`, `product_ids`) and, of these, may manage."""

    everything: bool = False
    families: frozenset[str] = field(default_factory=frozenset)
    product_ids: frozenset[int] = field(default_factory=frozenset)
    managed_families: frozenset[str] = field(default_factory=frozenset)
    managed_product_ids: frozenset[int] = field(default_factory=frozenset)

    def may_view(self, product_id: int, family: str) -> bool:
        """Return whether the member sees this product."""
        return self.everything or family in self.families or product_id in self.product_ids

    def may_manage(self, product_id: int, family: str) -> bool:
        """Return whether the member may change this product."""
        return self.everything or family in self.managed_families or product_id in self.managed_product_ids

    def filter(self, products: QuerySet[Row]) -> QuerySet[Row]:
        """Return those of `products` (rows with `id` and `family`) that the member sees."""
        if self.everything:
            return products
        return products.filter(Q(family__in=self.families) | Q(id__in=self.product_ids))


def grants_of(membership: Membership, *, at: datetime) -> QuerySet[Grant]:
    """Return the grants that count for a member at `at`, direct ones and those of the member's teams.

    One query, each grant with its team; what a role allows besides is not asked here.
    """
    own_teams = TeamMembership.objects.filter(
        organization_id=membership.organization_id, membership_id=membership.pk
    )
    return (
        Grant.objects.filter(live(at), organization_id=membership.organization_id)
        .filter(Q(membership_id=membership.pk) | Q(team_id__in=own_teams.values("team_id")))
        .select_related("team")
        .order_by("id")
    )


def product_scope_of(membership: Membership, grants: Iterable[Grant]) -> ProductScope:
    """Return the products that a member with these live `grants` reaches; unrestricted roles reach all."""
    if membership.role in UNRESTRICTED:
        return ProductScope(everything=True)
    given = list(grants)
    managed = [grant for grant in given if grant.level == Level.MANAGE]
    return ProductScope(
        families=frozenset(grant.family for grant in given if grant.family),
        product_ids=frozenset(grant.product_id for grant in given if grant.product_id is not None),
        managed_families=frozenset(grant.family for grant in managed if grant.family),
        managed_product_ids=frozenset(grant.product_id for grant in managed if grant.product_id is not None),
    )
