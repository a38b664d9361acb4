"""Questions about tags, kept filters and chosen columns; each names the organization."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Count, Exists, IntegerField, OuterRef, QuerySet, Subquery, Value
from django.db.models.functions import JSONObject, Lower
from django.utils.translation import gettext_lazy as _

from manager.kit.errors import NotFound
from manager.kit.keyset import SortKey
from manager.kit.names import lowered
from manager.kit.prepared import Prepared
from organizations.access.grants import ProductScope
from organizations.members.models import Membership
from organizations.profile.models import Organization
from organizations.teams.models import Color
from products.catalog.kinds import order_kinds
from products.catalog.models import Family, Plan
from products.inventory.models import Product
from products.inventory.search import PART_LENGTH, Words, counted, words_of
from products.lists.columns import DEFAULT, in_order
from products.lists.models import ListColumns, ProductTag, SavedFilter, Tag

NOTHING = Value(None, IntegerField())
FAMILY = ("id", "slug", "names", "icon", "position", "is_published")
BY_NAME = SortKey(Lower("name"), value=lambda tag: lowered(tag.name))


class TagNotFound(NotFound):
    """The organization has no such tag, or the member does not see it."""

    code = "tag_not_found"
    message = _("This tag does not exist.")


class FilterNotFound(NotFound):
    """The member has kept no such filter."""

    code = "filter_not_found"
    message = _("This filter does not exist.")


@dataclass(frozen=True, slots=True)
class ShownTag:
    """A tag on a page."""

    id: int
    name: str
    color: str

    @property
    def hue(self) -> int:
        """The number of its tint."""
        return Color(self.color).hue


@dataclass(frozen=True, slots=True)
class KeptFilter:
    """A kept filter on a page."""

    id: int
    name: str
    family: str
    query: str
    is_default: bool


@dataclass(frozen=True, slots=True)
class ListSettings:
    """What a member's list is built with."""

    tags: list[ShownTag]
    filters: list[KeptFilter]
    columns: list[str]
    family: Family | None
    kinds: list[str]
    words: Words | None


def find_tags(*, organization: Organization, scope: ProductScope) -> QuerySet[Tag]:
    """Return the tags that the member sees: all, or those on products that he or she sees; in no order."""
    tags = Tag.objects.filter(organization_id=organization.pk)
    if scope.everything:
        return tags
    seen = scope.filter(Product.objects.filter(organization_id=organization.pk))
    places = ProductTag.objects.filter(organization_id=organization.pk, tag=OuterRef("pk"))
    return tags.filter(Exists(places.filter(product__in=seen)))


def list_tags(*, organization: Organization, scope: ProductScope) -> QuerySet[Tag]:
    """Return the tags that the member sees, by name, each with on how many products it is as `products`."""
    tags = find_tags(organization=organization, scope=scope)
    return tags.annotate(products=Count("places")).order_by(Lower("name"), "pk")


def get_tag(*, organization: Organization, scope: ProductScope, tag_id: int) -> Tag:
    """Return a tag that the member sees.

    :raises TagNotFound: there is none.
    """
    tag = find_tags(organization=organization, scope=scope).filter(pk=tag_id).first()
    if tag is None:
        raise TagNotFound
    return tag


def tags_of(product: Product) -> list[Tag]:
    """Return the tags of a product, by name."""
    places = ProductTag.objects.filter(organization_id=product.organization_id, product_id=product.pk)
    tags = Tag.objects.filter(organization_id=product.organization_id, pk__in=places.values("tag_id"))
    return list(tags.order_by(Lower("name")))


def read_settings(
    *,
    organization: Organization,
    membership: Membership,
    scope: ProductScope,
    family: str = "",
    search: str = "",
) -> ListSettings:
    """Return what the member's list of `family` (empty: all products) is built with. One query.

    With it come the family itself, the kinds that it has, and which products hold `search`.
    """
    # A member's own choice of products hardly comes twice.
    fetch = _SETTINGS.fetch if scope.everything else _SETTINGS.fetch_once
    (row,) = fetch(
        organization_id=organization.pk,
        membership_id=membership.pk or 0,
        scope=scope,
        family=family,
        is_whole=not family,
        **({"part": search[:PART_LENGTH]} if search else {}),
    )
    shown, kept, chosen, families, kinds, found = row
    return ListSettings(
        [ShownTag(**tag) for tag in shown],
        [KeptFilter(**one) for one in kept],
        list(DEFAULT) if chosen is None else in_order(chosen),
        Family(**families[0]) if families else None,
        kinds,
        words_of(search, found, organization_id=organization.pk) if search else None,
    )


def _build_settings(
    *,
    organization_id: int,
    membership_id: int,
    scope: ProductScope,
    family: str,
    is_whole: bool,
    part: str = "",
) -> QuerySet[Organization, tuple[Any, ...]]:
    organization = Organization(pk=organization_id)
    tags = find_tags(organization=organization, scope=scope).order_by(Lower("name"), "pk")
    columns = ListColumns.objects.filter(organization_id=organization_id, membership_id=membership_id)
    filters = SavedFilter.objects.filter(
        organization_id=organization_id, membership_id=membership_id, family=family
    ).order_by(Lower("name"), "pk")
    families = Family.objects.filter(slug=family)
    plans = Plan.objects.all() if is_whole else Plan.objects.filter(family__slug=family)
    names = ("id", "name", "family", "query", "is_default")
    return (
        Organization.objects.filter(pk=organization_id)
        .annotate(
            shown_tags=ArraySubquery(tags.values(told=JSONObject(id="id", name="name", color="color"))),
            kept=ArraySubquery(filters.values(told=JSONObject(**{name: name for name in names}))),
            chosen=Subquery(columns.values("names")),
            families=ArraySubquery(families.values(told=JSONObject(**{name: name for name in FAMILY}))),
            kinds=ArraySubquery(order_kinds(plans)),
            found=counted(part, organization_id=organization_id) if part else NOTHING,
        )
        .values_list("shown_tags", "kept", "chosen", "families", "kinds", "found")
    )


_SETTINGS: Prepared[tuple[Any, ...]] = Prepared(
    _build_settings, shape=["scope", "is_whole"], planned_once=True
)


def describe_tags(rows: Iterable[dict[str, Any]]) -> list[ShownTag]:
    """Return the tags that a row of a list carries."""
    return [ShownTag(**row) for row in rows]


def list_filters(*, membership: Membership) -> list[SavedFilter]:
    """Return what the member has kept, by list and name."""
    own = SavedFilter.objects.filter(organization_id=membership.organization_id, membership_id=membership.pk)
    return list(own.order_by("family", Lower("name")))


def get_filter(*, membership: Membership, filter_id: int) -> SavedFilter:
    """Return one of the member's kept filters.

    :raises FilterNotFound: there is none.
    """
    own = SavedFilter.objects.filter(organization_id=membership.organization_id, membership_id=membership.pk)
    found = own.filter(pk=filter_id).first()
    if found is None:
        raise FilterNotFound
    return found
