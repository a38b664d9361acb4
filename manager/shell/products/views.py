"""The products menu: families with their first products, and a search in it (PRD-2).

The bar asks for it when it is opened; without scripts it is a page of its own.
"""

from dataclasses import dataclass
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import F, OuterRef
from django.db.models.functions import JSONObject
from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from manager.kit.keyset import COUNT_LIMIT, CountOf
from organizations.access.grants import ProductScope
from organizations.access.guard import OrganizationRequest, organization_view
from organizations.access.roles import Permission
from organizations.profile.models import Organization
from products.catalog.models import Family
from products.inventory.models import EXPIRY_ORDER
from products.inventory.search import Words, look_up
from products.inventory.selectors import find_products

MOST = 5
MOST_FOUND = 8
LONGEST = 100


@dataclass(frozen=True, slots=True)
class MenuFamily:
    """A family with how many products match and the first of them, as id and name."""

    family: Family
    count: int
    products: list[dict[str, Any]]

    @property
    def is_many(self) -> bool:
        """Whether there are more than are counted."""
        return self.count > COUNT_LIMIT

    @property
    def has_more(self) -> bool:
        """Whether not all of them are shown."""
        return self.count > len(self.products)


@require_safe
@organization_view(Permission.ORGANIZATION_VIEW)
def products_menu(request: OrganizationRequest) -> HttpResponse:
    """Show the families with what ends first, or with what matches `q`; the fragment alone to the menu."""
    wanted = request.GET.get("q", "").replace("\x00", "").strip()[:LONGEST]
    families = read_menu(organization=request.organization, scope=request.product_scope, search=wanted)
    part = "families" if request.headers.get("HX-Request") else "page"
    context = {"families": families, "q": wanted, "is_empty": not any(row.count for row in families)}
    return render(request, f"shell/products/{part}.html", context)


def read_menu(*, organization: Organization, scope: ProductScope, search: str = "") -> list[MenuFamily]:
    """Return the families that have something, in the shop's order; without a search all of them.

    One query, and one more for a search, however many products there are.
    """
    words: str | Words = look_up(search, organization_id=organization.pk) if search else ""
    seen = find_products(organization=organization, scope=scope, search=words)
    of_family = seen.filter(family=OuterRef("slug"))
    first = of_family.order_by(EXPIRY_ORDER.asc(), F("pk").asc())[: MOST_FOUND if search else MOST]
    rows = Family.objects.order_by("position", "id").annotate(
        number=CountOf(of_family.values("pk")[: COUNT_LIMIT + 1]),
        first=ArraySubquery(first.values(told=JSONObject(id="id", name="name"))),
    )
    return [
        MenuFamily(family, family.number, family.first)
        for family in rows
        if family.number or (family.is_published and not search)
    ]
