"""Questions about products. Each names the organization; row-level security is the second wall."""

from collections.abc import Iterable
from datetime import date, timedelta
from typing import Any

from django.db.models import (
    Count,
    OuterRef,
    Q,
    QuerySet,
)
from django.utils.translation import gettext_lazy as _

from manager.kit.errors import NotFound
from manager.kit.keyset import COUNT_LIMIT, CountOf, count_up_to
from organizations.access.grants import ProductScope
from organizations.audit.models import AuditEvent
from organizations.profile.models import Organization
from products.catalog.models import Family
from products.inventory.models import EXPIRY_ORDER, Product, ProductOption
from products.inventory.search import Words, look_up
from products.inventory.status import ENDED, LIVING, RENEWABLE, ProductStatus
from products.lists.models import ProductTag
from products.provisioning.models import ServiceAction
from products.provisioning.states import OPEN_ACTIONS


class ProductNotFound(NotFound):
    """The product does not exist in the organization, or the member does not see it."""

    message = _("This product does not exist.")


def find_products(
    *,
    organization: Organization,
    scope: ProductScope,
    family: str = "",
    kind: str = "",
    status: str = "",
    search: str | Words = "",
    expires_before: date | None = None,
    auto_renew: bool | None = None,
    tag: int | None = None,
    is_busy: bool | None = None,
) -> QuerySet[Product]:
    """Return the products that the member sees and that match every filter given, in no order.

    Without a `status` those whose life has ended are left out. `search` is a part of the name, the internal
    name or the reference; as text it is looked up at once. `is_busy` asks for those with an action under way,
    or without one.
    """
    products = scope.filter(Product.objects.filter(organization_id=organization.pk))
    products = products.filter(status=status) if status else products.exclude(status__in=ENDED)
    if family:
        products = products.filter(family=family)
    if kind:
        products = products.filter(kind=kind)
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
    if is_busy is not None:
        under_way = ServiceAction.objects.filter(
            organization_id=organization.pk, status__in=sorted(OPEN_ACTIONS)
        )
        busy = Q(pk__in=under_way.values("product_id"))
        products = products.filter(busy if is_busy else ~busy)
    return products


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
