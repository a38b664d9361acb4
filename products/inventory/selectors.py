"""Questions about products. Each names the organization; row-level security is the second wall."""

from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import (
    CharField,
    Count,
    DateField,
    F,
    Func,
    OuterRef,
    QuerySet,
)
from django.db.models.functions import JSONObject
from django.utils.translation import gettext_lazy as _

from manager.kit.errors import DomainError, NotFound
from manager.kit.keyset import PAGE_SIZE, CountOf, Page, SortKey, count_up_to, paginate_with, take_page
from manager.kit.prepared import Prepared
from organizations.access.grants import ProductScope
from organizations.audit.models import AuditEvent
from organizations.profile.models import Organization
from products.catalog.models import Family
from products.inventory.models import EXPIRY_ORDER, NEVER, Product, ProductOption
from products.inventory.search import Words, look_up
from products.inventory.status import ENDED, LIVING, RENEWABLE, ProductStatus
from products.lists.models import ProductTag

COUNT_LIMIT = 1000
# By cursor one more is read than shown, which tells whether there is a next page.
COMMON_SIZES = (PAGE_SIZE, PAGE_SIZE + 1)
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
UNSORTED: dict[str, Func] = {"expires_on": EXPIRY_ORDER}
SORTED: dict[str, Func] = {
    "expires_on": Func(EXPIRY_ORDER, template="(%(expressions)s + 0)", output_field=DateField()),
    "name": Func(F("name"), template="(%(expressions)s || '')", output_field=CharField()),
    "status": Func(F("status"), template="(%(expressions)s || '')", output_field=CharField()),
}


class ProductNotFound(NotFound):
    """The product does not exist in the organization, or the member does not see it."""

    message = _("This product does not exist.")


class OrderUnknown(DomainError):
    """Products cannot be sorted by this."""

    code = "order_unknown"
    status = 400
    field = "sort"
    message = _("The list cannot be sorted by this column.")


def find_products(
    *,
    organization: Organization,
    scope: ProductScope,
    family: str = "",
    status: str = "",
    search: str | Words = "",
    expires_before: date | None = None,
    auto_renew: bool | None = None,
    tag: int | None = None,
) -> QuerySet[Product]:
    """Return the products that the member sees and that match every filter given, in no order.

    Without a `status` those whose life has ended are left out. `search` is a part of the name, the internal
    name or the reference; as text it is looked up at once.
    """
    products = scope.filter(Product.objects.filter(organization_id=organization.pk))
    products = products.filter(status=status) if status else products.exclude(status__in=ENDED)
    if family:
        products = products.filter(family=family)
    if search:
        words = look_up(search, organization_id=organization.pk) if isinstance(search, str) else search
        products = words.filter(products)
    if expires_before is not None:
        # As the index has it.
        products = products.alias(expires=EXPIRY_ORDER).filter(expires__lt=expires_before)
    if auto_renew is not None:
        products = products.filter(auto_renew=auto_renew)
    if tag is not None:
        tagged = ProductTag.objects.filter(organization_id=organization.pk, tag_id=tag)
        products = products.filter(pk__in=tagged.values("product_id"))
    return products


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
    words = look_up(search, organization_id=organization.pk) if search and isinstance(search, str) else search
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
    organization = Organization(pk=organization_id)
    found = find_products(organization=organization, scope=scope, search=words, **filters)
    rows = found.select_related("plan").defer("plan__descriptions", "plan__features")
    rows = rows.annotate(**_luggage(organization))
    are_few = isinstance(words, Words) and words.ids is not None
    if counted:
        # In the order of an index, so that no scan of the table is the cheaper way.
        plain = SORTED if are_few else UNSORTED
        some = found.order_by(plain["expires_on"].asc(), F("pk").asc()).values("pk")
        rows = rows.annotate(found=CountOf(some[: COUNT_LIMIT + 1]))
    key = replace(ORDERS[order], expression=SORTED[order]) if are_few else ORDERS[order]
    return take_page(rows, key=key, falling=falling, size=size, value=value, pk=pk, offset=offset)


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


def count_products(*, organization: Organization, scope: ProductScope, **filters: Any) -> int:
    """Return how many products match; 1,001 stands for more than 1,000."""
    return count_up_to(find_products(organization=organization, scope=scope, **filters), COUNT_LIMIT)


def get_product(*, organization: Organization, scope: ProductScope, product_id: int) -> Product:
    """Return a product that the member sees, with its plan.

    :raises ProductNotFound: there is none, or not for this member.
    """
    products = scope.filter(Product.objects.filter(organization_id=organization.pk))
    product = products.select_related("plan__family", "organization").filter(pk=product_id).first()
    if product is None:
        raise ProductNotFound
    return product


def count_by_family(*, organization: Organization, scope: ProductScope) -> dict[str, int]:
    """Return by family how many products the member sees, ended ones left out; 1,001 stands for more.

    One query, which stops counting a family after its first 1,001 products.
    """
    seen = find_products(organization=organization, scope=scope)
    of_family = seen.filter(family=OuterRef("slug")).values("pk")[: COUNT_LIMIT + 1]
    families = Family.objects.annotate(products=CountOf(of_family)).values_list("slug", "products")
    return dict(families.order_by("position"))


def list_due(*, organization: Organization, until: date | None) -> QuerySet[Product]:
    """Return what can be renewed and expires up to the day `until` (None: at any time), soonest first."""
    due = Product.objects.filter(organization_id=organization.pk, status__in=RENEWABLE)
    if until is not None:
        due = due.filter(expires_on__lte=until)
    return due.select_related("plan").order_by("expires_on", "id")


def count_by_status(*, organization: Organization, scope: ProductScope) -> dict[str, int]:
    """Return by status how many products the member sees, for a home page that shows what needs attention."""
    seen = scope.filter(Product.objects.filter(organization_id=organization.pk))
    waiting = seen.filter(status__in=[ProductStatus.SUSPENDED, ProductStatus.REDEMPTION])
    return dict(waiting.values_list("status").annotate(count=Count("pk")).order_by("status"))


def list_expiring(
    *, organization: Organization, scope: ProductScope, today: date, days: int = 30, limit: int = 5
) -> list[Product]:
    """Return what expires first within `days` days from `today` and does not renew by itself."""
    seen = scope.filter(Product.objects.filter(organization_id=organization.pk, status__in=RENEWABLE))
    soon = seen.filter(expires_on__lte=today + timedelta(days=days), auto_renew=False)
    return list(soon.select_related("plan").order_by("expires_on", "id")[:limit])


def find_registered(names: Iterable[str]) -> frozenset[str]:
    """Return those of the domain names that are registered here, by whomever: a question across tenants."""
    wanted = set(names)
    if not wanted:
        return frozenset()
    products = Product.objects.using("system").filter(name__in=wanted, status__in=LIVING)
    return frozenset(products.exclude(plan__extension="").values_list("name", flat=True))


def find_options(products: Iterable[Product]) -> dict[int, dict[str, int]]:
    """Return the options of products of one organization, units by slug, by product id. One query."""
    products = list(products)
    found: dict[int, dict[str, int]] = {product.pk: {} for product in products}
    rows = ProductOption.objects.filter(product__in=[product.pk for product in products]).order_by("slug")
    for product_id, slug, quantity in rows.values_list("product_id", "slug", "quantity"):
        found[product_id][slug] = quantity
    return found


def list_activity(*, product: Product, limit: int = 20) -> list[AuditEvent]:
    """Return the newest acts of the audit log that concern the product."""
    events = AuditEvent.objects.filter(
        organization_id=product.organization_id, subject_kind="product", subject_id=product.pk
    )
    return list(events.order_by("-id")[:limit])
