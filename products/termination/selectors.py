"""Read wishes to terminate, and what a product takes along."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import Q, QuerySet
from django.utils.crypto import constant_time_compare

from manager.kit.errors import NotFound
from manager.kit.keyset import NEWEST, Page, paginate
from manager.kit.tokens import hash_secret
from organizations.profile.models import Organization
from products.inventory.models import Product
from products.inventory.status import LIVING
from products.termination.models import TerminatedProduct, Termination
from products.termination.status import TerminationStatus

DOMAIN = "domain"
MOST = 100


@dataclass(frozen=True, slots=True)
class Ending:
    """A product that is to end, with what goes with it: the services that are reached by its name."""

    product: Product
    takes_along: tuple[Product, ...]

    @property
    def days_of_cooling_off(self) -> int:
        """How long it can be restored afterwards; a domain in redemption is let go at once."""
        return 0 if self.product.status == "redemption" else self.product.plan.cooling_off_days

    def is_paid(self, today: date) -> bool:
        """Return whether paid time is left, which is not given back."""
        return self.product.expires_on is not None and self.product.expires_on > today


def find_terminable(*, organization: Organization) -> QuerySet[Product]:
    """Return the products whose life can be ended by a wish: all that run, are suspended or in redemption."""
    return Product.objects.filter(organization_id=organization.pk, status__in=LIVING).select_related("plan")


def list_terminable(*, organization: Organization) -> list[Product]:
    """Return all products that can be ended, or the first 100 of them, by name."""
    return list(find_terminable(organization=organization).order_by("name", "id")[:MOST])


def list_chosen(*, organization: Organization, ids: Collection[int]) -> list[Product]:
    """Return the products of these ids by name, also those that cannot be ended.

    :raises NotFound: one of them is not the organization's.
    """
    chosen = Product.objects.filter(organization_id=organization.pk, pk__in=ids).select_related("plan")
    products = list(chosen.order_by("name", "id"))
    if len(products) != len(set(ids)):
        raise NotFound
    return products


def list_endings(*, organization: Organization, products: Sequence[Product]) -> list[Ending]:
    """Return the products with what each takes along. One query.

    A domain takes along what bears its name, or a name below it: its mail, its site, its certificate.
    """
    names = [product.name for product in products if product.plan.kind == DOMAIN]
    related = Q(pk__in=[])
    for name in names:
        related |= Q(name__iexact=name) | Q(name__iendswith=f".{name}")
    found = (
        find_terminable(organization=organization).filter(related).exclude(plan__kind=DOMAIN) if names else []
    )
    others = sorted(found, key=lambda product: (product.name, product.pk))
    return [Ending(product, _along(product, others)) for product in products]


def _along(product: Product, others: Iterable[Product]) -> tuple[Product, ...]:
    if product.plan.kind != DOMAIN:
        return ()
    name = product.name.lower()
    return tuple(
        other
        for other in others
        if other.pk != product.pk and (other.name.lower() == name or other.name.lower().endswith(f".{name}"))
    )


def find_open(*, organization: Organization, product_id: int) -> Termination | None:
    """Return the wish that waits for its confirmation and names the product, or None."""
    return Termination.objects.filter(
        organization_id=organization.pk, products__product_id=product_id, products__is_open=True
    ).first()


def list_terminations(
    *, organization: Organization, status: str = "", search: str = "", after: str = "", before: str = ""
) -> Page[Termination]:
    """Return a page of `find_terminations`, newest first.

    :raises CursorInvalid: a cursor was not made here.
    """
    wishes = find_terminations(organization=organization, status=status, search=search)
    return paginate(wishes, key=NEWEST, descending=True, after=after, before=before)


def find_terminations(
    *, organization: Organization, status: str = "", search: str = ""
) -> QuerySet[Termination]:
    """Return the organization's wishes with their products, in no order."""
    wishes = Termination.objects.filter(organization_id=organization.pk)
    if status in TerminationStatus.values:
        wishes = wishes.filter(status=status)
    if search:
        named = TerminatedProduct.objects.filter(
            organization_id=organization.pk, product_name__icontains=search
        )
        wishes = wishes.filter(pk__in=named.values("termination_id"))
    return wishes.select_related("asked_by").prefetch_related("products")


def get_termination(*, organization: Organization, termination_id: int) -> Termination:
    """Return one wish of the organization with its products.

    :raises NotFound: there is none of that id.
    """
    wish = (
        Termination.objects.filter(organization_id=organization.pk, pk=termination_id)
        .select_related("asked_by", "organization")
        .prefetch_related("products")
        .first()
    )
    if wish is None:
        raise NotFound
    return wish


def require_key(termination: Termination, key: str) -> None:
    """Refuse a key that is not the one of the mailed link.

    :raises NotFound: it is another one.
    """
    if not constant_time_compare(termination.token_hash, hash_secret(key)):
        raise NotFound
