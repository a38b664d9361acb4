"""What the planning of many organizations shares: seller, plans, prices and VAT, read once for many."""

from collections.abc import Collection, Hashable
from dataclasses import dataclass, field
from datetime import date

from billing.engine.prices import Prices, Pricing
from billing.profiles.models import LegalEntity
from billing.profiles.party import Party
from billing.profiles.selectors import default_entity
from billing.tax.decision import TaxDecision
from billing.tax.quote import decide_for
from billing.tax.selectors import RememberedTables
from products.catalog.models import Plan
from products.catalog.price_book import read_price_book
from products.catalog.pricing import PriceBook

RENEWED_AFTER = 20
"""So many batches use what was read; then it is read anew, so that a change of prices is soon seen."""


@dataclass
class Known:
    """Reference data of no tenant, remembered as long as this lives.

    `is_wary` once the database has refused a batch: the next ones are stored draft by draft at once, as where
    one row is bad others often are.
    """

    is_wary: bool = False
    tables: RememberedTables = field(default_factory=RememberedTables)
    plans: dict[int, Plan] = field(default_factory=dict)
    _books: dict[tuple[str, date], PriceBook] = field(default_factory=dict)
    _decisions: dict[tuple[Party, date], TaxDecision] = field(default_factory=dict)
    _prices: dict[Hashable, Prices] = field(default_factory=dict)
    _seller: LegalEntity | None = None

    @property
    def seller(self) -> LegalEntity:
        """The company that sells.

        :raises NoSeller: none is set up.
        """
        if self._seller is None:
            self._seller = default_entity()
        return self._seller

    def learn(self, plan_ids: Collection[int], days: Collection[tuple[str, date]]) -> None:
        """Read the plans and their prices of these currencies and days, as far as they are not known."""
        missing = set(plan_ids) - self.plans.keys()
        if missing:
            self.plans.update(Plan.objects.in_bulk(missing))
            self._books.clear()
            self._prices.clear()
        for currency, on in set(days) - self._books.keys():
            self._books[currency, on] = read_price_book(plans=self.plans.values(), currency=currency, on=on)

    def prices_for(self, buyer: Party, *, currency: str, language: str, today: date) -> Prices:
        """Return what renewals cost `buyer` on a day that was learnt; shared by all who pay the same VAT."""
        decision = self.decide(buyer, today)
        rates = decision.rates
        key = (currency, language, today, rates and (rates.place, rates.spans))
        if key not in self._prices:
            self._prices[key] = Prices(
                Pricing(self._books[currency, today], language, decision, buyer, self.seller, today),
                self.plans,
            )
        return self._prices[key]

    def decide(self, buyer: Party, on: date) -> TaxDecision:
        """Return which VAT applies to a sale to `buyer` on the day `on` (BIL-6)."""
        key = (buyer, on)
        if key not in self._decisions:
            self._decisions[key] = decide_for(buyer=buyer, seller=self.seller, on=on, tables=self.tables)
        return self._decisions[key]
