"""What a member without an unrestricted role sees and manages of the products (ORG-13)."""

from dataclasses import dataclass, field
from typing import TypeVar

from django.db.models import Model, Q, QuerySet

from organizations.access.models import Grant, Level
from organizations.access.roles import UNRESTRICTED
from organizations.members.models import Membership

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


def product_scope_of(membership: Membership) -> ProductScope:
    """Return the products that `membership` reaches; unrestricted roles reach all (ORG-6, ORG-13)."""
    if membership.role in UNRESTRICTED:
        return ProductScope(everything=True)
    grants = list(
        Grant.objects.filter(organization_id=membership.organization_id, membership_id=membership.pk)
    )
    managed = [grant for grant in grants if grant.level == Level.MANAGE]
    return ProductScope(
        families=frozenset(grant.family for grant in grants if grant.family),
        product_ids=frozenset(grant.product_id for grant in grants if grant.product_id is not None),
        managed_families=frozenset(grant.family for grant in managed if grant.family),
        managed_product_ids=frozenset(grant.product_id for grant in managed if grant.product_id is not None),
    )
