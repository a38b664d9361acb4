"""An offer as it is, or as it is wanted: a plan, how many of it, for how long, with which options."""

from collections.abc import Mapping
from dataclasses import dataclass

from manager.kit.money import Money
from products.catalog.models import Plan
from products.catalog.pricing import PLAN, PriceBook, PricedPart, find_parts, offered_months
from products.inventory.models import Product
from products.inventory.selectors import find_options


@dataclass(frozen=True, slots=True)
class Offer:
    """What a product has or shall have; `options` are units by slug."""

    plan: Plan
    months: int
    quantity: int
    options: Mapping[str, int]

    @classmethod
    def of(cls, product: Product) -> "Offer":
        """Return the present offer of a product."""
        return cls(product.plan, product.months, product.quantity, find_options([product])[product.pk])

    def as_json(self, product: Product) -> dict[str, object]:
        """Return the offer, with the day until which `product` is paid, to recognize it later."""
        return {
            "plan": self.plan.slug,
            "months": self.months,
            "quantity": self.quantity,
            "options": dict(sorted(self.options.items())),
            "expires_on": product.expires_on.isoformat() if product.expires_on else None,
        }

    def components(self) -> list[str]:
        """Return the plan and the options of the offer."""
        return [PLAN, *sorted(self.options)]

    def changed_from(self, former: "Offer") -> frozenset[str]:
        """Return the components that are not as in `former`: all of them with another plan or quantity."""
        if self.plan.pk != former.plan.pk or self.quantity != former.quantity:
            return frozenset([*self.components(), *former.components()])
        slugs = {*self.options, *former.options}
        return frozenset(slug for slug in slugs if self.options.get(slug) != former.options.get(slug))

    def parts(self, book: PriceBook, months: int | None = None) -> tuple[PricedPart, ...] | None:
        """Return what the offer costs for `months` (its own period when None), None if not sold so."""
        return find_parts(
            book,
            plan=self.plan,
            months=months or self.months,
            quantity=self.quantity,
            options=self.options,
        )

    def price_of(self, book: PriceBook, component: str, months: int) -> Money | None:
        """Return what one component of the offer costs for a whole period, None if it has none."""
        found = (part.money for part in self.parts(book, months) or () if part.component == component)
        return next(found, None)

    def offered_months(self, book: PriceBook) -> list[int]:
        """Return the periods for which the offer is sold."""
        return offered_months(book, plan=self.plan, options=self.options)
