"""What can be granted: families and products, told by the floor above at start (ORG-13).

Products lie above organizations and are not imported here; their app registers one provider in
`AppConfig.ready()`.
"""

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from typing import Protocol


@dataclass(frozen=True, slots=True)
class ProductChoices:
    """Families as (slug, name) and products as (id, name, family)."""

    families: Sequence[tuple[str, str]] = ()
    products: Sequence[tuple[int, str, str]] = ()

    def name_of(self, *, family: str, product_id: int | None) -> str:
        """Return the name of what a grant reaches, or what is known of it."""
        if family:
            return next((name for slug, name in self.families if slug == family), family)
        return next((name for known, name, _ in self.products if known == product_id), f"#{product_id}")

    def has(self, *, family: str, product_id: int | None) -> bool:
        """Return whether there is such a family, or such a product of this organization."""
        if family:
            return any(slug == family for slug, _ in self.families)
        return any(known == product_id for known, _, _ in self.products)


@dataclass(frozen=True, slots=True)
class ProductRef:
    """A product as this floor knows it."""

    id: int
    name: str
    family: str


class Finder(Protocol):
    """Finds products of an organization: those with `ids`, else by a part of the name; at most `limit`."""

    def __call__(
        self,
        organization_id: int,
        *,
        ids: Collection[int] | None = None,
        search: str = "",
        limit: int | None = None,
    ) -> list[ProductRef]:
        """Return them by name; of `ids` also those whose life has ended. One query."""


Families = Callable[[], Sequence[tuple[str, str]]]


def _no_families() -> Sequence[tuple[str, str]]:
    return ()


def _no_products(
    organization_id: int, *, ids: Collection[int] | None = None, search: str = "", limit: int | None = None
) -> list[ProductRef]:
    return []


_families: list[Families] = [_no_families]
_finders: list[Finder] = [_no_products]


def register_product_choices(families: Families, finder: Finder) -> None:
    """Let `families` tell which there are, and `finder` look for products; called once, at start."""
    _families.append(families)
    _finders.append(finder)


def list_family_choices() -> Sequence[tuple[str, str]]:
    """Return every family as (slug, name)."""
    return _families[-1]()


def find_products(
    organization_id: int, *, ids: Collection[int] | None = None, search: str = "", limit: int | None = None
) -> list[ProductRef]:
    """Return products of the organization by name; see Finder."""
    return _finders[-1](organization_id, ids=ids, search=search, limit=limit)


def find_product_choices(organization_id: int) -> ProductChoices:
    """Return what the organization can grant now: every family, and each product that lives."""
    products = [(product.id, product.name, product.family) for product in find_products(organization_id)]
    return ProductChoices(families=list_family_choices(), products=products)
