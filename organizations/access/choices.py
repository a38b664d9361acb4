"""What can be granted: families and products, told by the floor above at start (ORG-13).

Products lie above organizations and are not imported here; their app registers one provider in
`AppConfig.ready()`.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass


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


Provider = Callable[[int], ProductChoices]


def _nothing(organization_id: int) -> ProductChoices:
    return ProductChoices()


_providers: list[Provider] = [_nothing]


def register_product_choices(provider: Provider) -> None:
    """Let `provider` tell what an organization can grant; called once, at start."""
    _providers.append(provider)


def find_product_choices(organization_id: int) -> ProductChoices:
    """Return what the organization can grant now."""
    return _providers[-1](organization_id)
