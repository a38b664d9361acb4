"""Compute a change: the one function behind the quote, the order of it, and its invoice (PRD-10, PRD-14)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from billing.changes.coverage import read_paid_days
from billing.changes.lines import charge_lines, credit_lines
from billing.changes.offer import Offer
from billing.changes.proration import PaidDays, Stretch, charge, returns, set_off, stretches
from billing.changes.stored import ChargedDays, GivenBack
from billing.profiles.party import Party
from billing.profiles.selectors import default_entity
from billing.tax.quote import Quote, quote
from manager.kit.money import Money
from products.catalog.pricing import PriceBook
from products.catalog.selectors import PriceNotFound
from products.inventory.models import Product


@dataclass(frozen=True, slots=True)
class Change:
    """What a change comes to. `priced` is None where nothing is charged for the days to come."""

    charges: list[ChargedDays]
    set_off: list[GivenBack]
    surplus: list[GivenBack]
    priced: Quote | None
    currency: str

    @property
    def due(self) -> Money:
        """What is to be paid, VAT included."""
        return self.priced.total if self.priced else Money.zero(self.currency)

    @property
    def left_over(self) -> Money:
        """What becomes balance, with the VAT that was paid."""
        return Money.total((row.gross for row in self.surplus), self.currency)


@dataclass(frozen=True, slots=True)
class _Step:
    """From one offer to another, at the prices of one day."""

    product: Product
    former: Offer
    wanted: Offer
    book: PriceBook
    on: date


def compute_change(
    *, product: Product, former: Offer, wanted: Offer, book: PriceBook, buyer: Party, on: date
) -> Change:
    """Return what it costs to give `product` the offer `wanted` from the day `on` to its expiry.

    Only components that change are touched: what was paid for their days to come, at the prices and the VAT
    of then, is set off against what they cost now, by day. The rest becomes balance.

    :raises PriceNotFound: the wanted offer has no price for the days to come.
    """
    step = _Step(product, former, wanted, book, on)
    changed = wanted.changed_from(former)
    paid = read_paid_days(product, on=on) if changed else []
    given_back = returns(paid=paid, components=changed, on=on)
    charges = [row for name in wanted.components() if name in changed for row in _charges(step, name, paid)]
    if not charges:
        return Change([], [], [GivenBack.of(row) for row in given_back], None, book.currency)
    lines = charge_lines(product=product, offer=wanted, book=book, charges=charges)
    seller = default_entity()
    owed = quote(lines=lines, buyer=buyer, seller=seller, currency=book.currency, on=on).total
    used, left = ([GivenBack.of(row) for row in rows] for rows in set_off(given_back=given_back, owed=owed))
    lines += credit_lines(product=product, used=used)
    priced = quote(lines=lines, buyer=buyer, seller=seller, currency=book.currency, on=on)
    return Change(charges, used, left, priced, book.currency)


def _charges(step: _Step, component: str, paid: Sequence[PaidDays]) -> list[ChargedDays]:
    """Return what a component of the wanted offer costs for the days to come, stretch by stretch."""
    if step.product.expires_on is None:
        return []
    found = []
    for stretch in stretches(
        paid=paid,
        component=component,
        on=step.on,
        until=step.product.expires_on,
        months=step.product.months,
    ):
        cost = _cost(step, step.wanted, component, stretch)
        if cost is None:
            raise PriceNotFound
        if not stretch.is_paid:
            # Days that were not paid here (received, or given) are worth what the former offer costs.
            had = _cost(step, step.former, component, stretch) or Money.zero(cost.currency)
            cost = cost - had if had < cost else Money.zero(cost.currency)
        if cost:
            found.append(ChargedDays(component, stretch.months, *stretch.days, cost))
    return found


def _cost(step: _Step, offer: Offer, component: str, stretch: Stretch) -> Money | None:
    return charge(
        component=component,
        stretch=stretch,
        anchor=step.product.anchor_day,
        price_of=lambda name, months: offer.price_of(step.book, name, months),
        offered=offer.offered_months(step.book),
    )
