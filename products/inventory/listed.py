"""Pages of products: any order, any filter, a part of the name, each by the index that finds it (PRD-2)."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import (
    Case,
    CharField,
    DateField,
    F,
    Func,
    IntegerField,
    OuterRef,
    QuerySet,
    Subquery,
    Value,
    When,
)
from django.db.models.functions import Coalesce, JSONObject
from django.db.models.lookups import GreaterThan
from django.utils.translation import gettext_lazy as _

from manager.kit.errors import DomainError
from manager.kit.keyset import (
    COMMON_SIZES,
    COUNT_LIMIT,
    PAGE_SIZE,
    CountOf,
    Page,
    SortKey,
    ids_at,
    is_among,
    paginate_with,
    take_page,
)
from manager.kit.prepared import Prepared
from organizations.access.grants import ProductScope
from organizations.profile.models import Organization
from products.inventory.models import EXPIRY_ORDER, NEVER, Product, ProductOption
from products.inventory.search import IDS, MOST_PARTS, Words, look_up
from products.inventory.selectors import find_products
from products.lists.models import ProductTag

# So many rows of its order are looked at before those that hold a frequent part are sorted.
LOOKED_AHEAD = 1000

ORDERS = {
    "expires_on": SortKey(
        EXPIRY_ORDER,
        value=lambda product: (product.expires_on or NEVER).isoformat(),
        parse=date.fromisoformat,
    ),
    "name": SortKey(F("name"), value=lambda product: product.name),
    "status": SortKey(F("status"), value=lambda product: str(product.status)),
}


# The same orders as expressions that no index has: a few products are sorted, rather than found in its order.
SORTED: dict[str, Func] = {
    "expires_on": Func(EXPIRY_ORDER, template="(%(expressions)s + 0)", output_field=DateField()),
    "name": Func(F("name"), template="(%(expressions)s || '')", output_field=CharField()),
    "status": Func(F("status"), template="(%(expressions)s || '')", output_field=CharField()),
}


class OrderUnknown(DomainError):
    """Products cannot be sorted by this."""

    code = "order_unknown"
    status = 400
    field = "sort"
    message = _("The list cannot be sorted by this column.")


def list_products(
    *,
    organization: Organization,
    scope: ProductScope,
    order: str = "expires_on",
    after: str = "",
    before: str = "",
    size: int = PAGE_SIZE,
    search: str | Words = "",
    counted: bool = False,
    **filters: Any,
) -> Page[Product]:
    """Return a page of `find_products`, with plans, by `order` (a name of ORDERS; "-" before it: falling).

    One query, and one more for a search. Each row has its options as `had` and its tags as `shown_tags`,
    and if `counted` as `found` how many match, 1,001 standing for more than 1,000.

    :raises OrderUnknown: there is no such order.
    :raises CursorInvalid: see `paginate`.
    """
    name = order.removeprefix("-")
    if name not in ORDERS:
        raise OrderUnknown
    return paginate_with(
        take_products(
            organization=organization, scope=scope, order=name, search=search, counted=counted, **filters
        ),
        key=ORDERS[name],
        descending=order.startswith("-"),
        after=after,
        before=before,
        size=size,
    )


def take_products(
    *,
    organization: Organization,
    scope: ProductScope,
    order: str,
    search: str | Words = "",
    counted: bool = False,
    **filters: Any,
) -> Callable[..., list[Product]]:
    """Return what gives the rows of `list_products` by a name of ORDERS, for the keywords of `take_page`."""
    words = look_up(search, organization_id=organization.pk) if isinstance(search, str) and search else search
    given = {name: value for name, value in filters.items() if value not in (None, "")}
    if isinstance(words, Words):
        given |= {"part": words.part, "is_rare": words.is_rare}
        given |= {"whole": words.whole} if words.whole else {}

    def take(*, size: int, offset: int = 0, **place: Any) -> list[Product]:
        asked = {"organization_id": organization.pk, "size": size, "order": order, "counted": counted}
        asked |= {"scope": scope, **given, **place, **({"offset": offset} if offset else {})}
        # A member's own choice of products, and pages of a size that a program chose, hardly come twice.
        fetch = _PAGE.fetch if scope.everything and size in COMMON_SIZES else _PAGE.fetch_once
        return fetch(**asked)

    return take


def _build_page(
    *,
    organization_id: int,
    scope: ProductScope,
    order: str,
    counted: bool,
    falling: bool,
    size: int,
    offset: int = 0,
    part: str = "",
    is_rare: bool = False,
    whole: str = "",
    value: Any = None,
    pk: int | None = None,
    **filters: Any,
) -> QuerySet[Product]:
    """Return the rows of a page; of what an `offset` passes over, neither options nor tags are read."""
    words = Words(organization_id, part, is_rare, whole) if part else None
    asked: dict[str, Any] = {"organization": Organization(pk=organization_id), "scope": scope, **filters}
    found = find_products(search=words or "", **asked)
    place: dict[str, Any] = {"falling": falling, "size": size, "value": value, "pk": pk}
    key, in_order = ORDERS[order], replace(ORDERS[order], expression=SORTED[order])
    if words and words.is_rare:
        key = in_order
    rows = found
    if offset:
        rows = rows.filter(is_among(ids_at(found, key=key, falling=falling, size=size, offset=offset)))
    elif words and not words.is_rare:
        everything = find_products(**asked)
        rows = everything.filter(is_among(_find_frequent(words, everything, key, in_order, place)))
    if rows is not found:
        key, place = in_order, {"falling": falling, "size": size}
    rows = rows.select_related("plan").defer("plan__descriptions", "plan__features")
    rows = rows.annotate(**_luggage(asked["organization"]))
    if counted:
        rows = rows.annotate(found=_count(words, asked))
    return take_page(rows, key=key, **place)


def _find_frequent(
    words: Words, products: QuerySet[Product], key: SortKey, in_order: SortKey, place: dict[str, Any]
) -> Func:
    """Return the ids of a page of those that hold a frequent part.

    The page is mostly full after few rows of its index. Where it is not, as what holds the part comes late in
    the order, all that hold it are looked up and sorted, if they are not too many for that.
    """
    near = take_page(products, key=key, **place | {"size": LOOKED_AHEAD}).values("pk", holds=words.holds)
    sorted_ones = take_page(words.among_held(products), key=in_order, **place).values("pk")
    along = take_page(words.filter(products), key=key, **place).values("pk")
    far = words.sort_or_go_along(ArraySubquery(sorted_ones), ArraySubquery(along))
    # As one array, for which the index of ids is looked into.
    found = Coalesce(_Near(near, size=place["size"]), far)
    return Func(found, template="ARRAY(SELECT unnest(%(expressions)s))", output_field=IDS)


class _Near(Subquery):
    """The ids of a page among the first rows of a query (id, holds); null where they do not fill it."""

    template = (
        "(SELECT CASE WHEN count(*) < %(ahead)s OR count(*) FILTER (WHERE holds) >= %(size)s"
        " THEN coalesce((array_agg(id) FILTER (WHERE holds))[:%(size)s], '{}') END"
        " FROM (%(subquery)s) looked_at (id, holds))"
    )
    output_field = IDS

    def __init__(self, queryset: QuerySet[Any, Any], *, size: int) -> None:
        super().__init__(queryset, ahead=LOOKED_AHEAD, size=size)


def _count(words: Words | None, asked: dict[str, Any]) -> Any:
    """Return how many are found, in the order of an index, so that no scan of the table is the cheaper way.

    A frequent part is counted among the first that hold it: where those are enough, all are more than are
    counted.
    """
    found = find_products(search=words or "", **asked).values("pk")
    if words and words.is_rare:
        return CountOf(found[: COUNT_LIMIT + 1])
    all_of_them = CountOf(found.order_by(EXPIRY_ORDER.asc(), F("pk").asc())[: COUNT_LIMIT + 1])
    if words is None:
        return all_of_them
    first = words.look_up(find_products(**asked), most=MOST_PARTS).values("pk")[: COUNT_LIMIT + 1]
    enough = GreaterThan(CountOf(first), COUNT_LIMIT)
    return Case(When(enough, then=Value(COUNT_LIMIT + 1)), default=all_of_them, output_field=IntegerField())


_PAGE: Prepared[Product] = Prepared(
    _build_page, shape=["scope", "is_rare", "order", "counted", "falling", "size", "auto_renew", "is_busy"]
)


def _luggage(organization: Organization) -> dict[str, Any]:
    """Return what a row of a list carries besides: options and tags, read in the query of the rows."""
    options = ProductOption.objects.filter(organization_id=organization.pk, product=OuterRef("pk"))
    tags = ProductTag.objects.filter(organization_id=organization.pk, product=OuterRef("pk"))
    told = JSONObject(id="tag_id", name="tag__name", color="tag__color")
    return {
        "had": ArraySubquery(
            options.order_by("slug").values(told=JSONObject(slug="slug", quantity="quantity"))
        ),
        "shown_tags": ArraySubquery(tags.order_by("tag__name").values(told=told)),
    }
