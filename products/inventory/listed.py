"""Pages of products: any order, any filter, a part of the name, each by the index that finds it (PRD-2)."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import CharField, DateField, F, Func, OuterRef, QuerySet
from django.db.models.functions import JSONObject
from django.utils.translation import gettext_lazy as _

from manager.kit.errors import DomainError
from manager.kit.keyset import (
    COMMON_SIZES,
    COUNT_LIMIT,
    PAGE_SIZE,
    CountOf,
    Page,
    SortKey,
    is_among,
    paginate_with,
    take_page,
)
from manager.kit.prepared import Prepared
from organizations.access.grants import ProductScope
from organizations.profile.models import Organization
from products.inventory.models import EXPIRY_ORDER, NEVER, Product, ProductOption
from products.inventory.search import Words, look_up
from products.inventory.selectors import find_products
from products.lists.models import ProductTag

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
    is_common = scope.everything and not words

    def take(*, size: int, offset: int = 0, **place: Any) -> list[Product]:
        asked = {"scope": scope, "words": words, "order": order, "counted": counted, **given, **place}
        # What was searched for, a member's own choice of products, and pages by number or of a size that a
        # program chose hardly come twice.
        if is_common and size in COMMON_SIZES and not offset:
            return _PAGE.fetch(organization_id=organization.pk, size=size, **asked)
        return _PAGE.fetch_once(organization_id=organization.pk, size=size, offset=offset, **asked)

    return take


def _build_page(
    *,
    organization_id: int,
    scope: ProductScope,
    words: str | Words,
    order: str,
    counted: bool,
    falling: bool,
    size: int,
    value: Any = None,
    pk: int | None = None,
    offset: int = 0,
    **filters: Any,
) -> QuerySet[Product]:
    """Return the rows of a page; of what an `offset` passes over, neither options nor tags are read."""
    asked: dict[str, Any] = {"organization": Organization(pk=organization_id), "scope": scope, **filters}
    rows = find_products(search=words, **asked).select_related("plan")
    rows = rows.defer("plan__descriptions", "plan__features").annotate(**_luggage(asked["organization"]))
    if counted:
        rows = rows.annotate(found=CountOf(_some_of(words, asked)))
    place: dict[str, Any] = {"falling": falling, "value": value, "pk": pk}
    key, in_order = ORDERS[order], replace(ORDERS[order], expression=SORTED[order])
    key = in_order if isinstance(words, Words) and words.ids is not None else key
    if offset:
        passed = take_page(find_products(search=words, **asked), key=key, size=size, offset=offset, **place)
        rows = rows.filter(is_among(ArraySubquery(passed.values("pk"))))
        key, place = in_order, {"falling": falling}
    return take_page(rows, key=key, size=size, **place)


def _some_of(words: str | Words, asked: dict[str, Any]) -> QuerySet[Product, Any]:
    """Return what is counted: in the order of an index, so that no scan of the table is the cheaper way."""
    found = find_products(search=words, **asked).values("pk")
    if isinstance(words, Words) and words.ids is not None:
        return found.order_by()[: COUNT_LIMIT + 1]
    return found.order_by(EXPIRY_ORDER.asc(), F("pk").asc())[: COUNT_LIMIT + 1]


_PAGE: Prepared[Product] = Prepared(
    _build_page, shape=["scope", "words", "order", "counted", "falling", "size", "auto_renew"]
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
