"""Price a renewal once for all products that renew alike: what is left of each is its name and its owner.

The lines are those of `renewal_lines`, `quote` and `compose_line`, as of any other draft: prices, VAT, its
rounding and the words are written in one place. A run of a hundred thousand products has some hundreds of
different ones.
"""

from collections.abc import Hashable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import NamedTuple

from billing.engine.load import Due
from billing.invoices.lines import renewal_lines
from billing.invoices.models import InvoiceLine
from billing.invoices.services.draft import compose_line
from billing.profiles.models import LegalEntity
from billing.profiles.party import Party
from billing.renewals.models import Renewal
from billing.renewals.rules import first_attempt_on
from billing.tax.decision import TaxDecision
from billing.tax.quote import quote
from products.catalog.models import Plan
from products.catalog.pricing import PriceBook
from products.catalog.selectors import PriceNotFound
from products.inventory.services import next_period

NAME = "\ue000"
"""Stands for the product's name in the words of a line; no name has it, as no keyboard does."""

LONGEST = 250
"""So many characters does a line say at most."""

MOST_AMOUNT = 2**50
"""More than any price in minor units: sums of so many lines as an invoice has fit into the database."""

ORIGIN = "renewal"

ALIKE_FROM = Due._fields.index("expires_on")
"""Products renew alike that agree in all from here on."""


class AmountTooLarge(ValueError):
    """A price that no invoice can take: a slip in the catalogue."""


class Wording(NamedTuple):
    """What a line says, before and after the product's name."""

    before: str
    after: str
    has_name: bool

    @classmethod
    def of(cls, description: str) -> "Wording":
        """Return the wording of a line that was written for a product called `NAME`."""
        before, mark, after = description.rpartition(NAME)
        return cls(before, after, bool(mark))

    def of_product(self, name: str) -> str:
        """Return what the line says of a product with this name."""
        return f"{self.before}{name}{self.after}"[:LONGEST] if self.has_name else self.after


@dataclass(frozen=True, slots=True, eq=False)
class RenewalPrice:
    """What all products that renew alike have in common: rows of lines and of a renewal, without an owner."""

    lines: tuple[InvoiceLine, ...]
    wordings: tuple[Wording, ...]
    renewal: Renewal
    net: int
    tax: int


@dataclass(frozen=True, slots=True)
class Pricing:
    """By what renewals of a group are priced: the prices of a day, in the words of a language, with a VAT."""

    book: PriceBook
    language: str
    decision: TaxDecision
    buyer: Party
    seller: LegalEntity
    today: date

    def price(self, due: Due, plan: Plan, options: Mapping[str, int]) -> RenewalPrice:
        """Return what renewing `due`, and all that are like it, comes to.

        :raises PriceNotFound: the plan, or one of the options, is not sold for its months any more.
        :raises AmountTooLarge: no invoice can take it.
        """
        product = due._replace(name=NAME if due.name else "").as_product(plan)
        inputs = renewal_lines(
            book=self.book,
            product=product,
            options=options,
            months=due.months,
            period=next_period(product=product, months=due.months),
            language=self.language,
        )
        quoted = quote(
            lines=inputs,
            buyer=self.buyer,
            seller=self.seller,
            currency=self.book.currency,
            on=self.today,
            decision=self.decision,
        )
        if quoted.total.amount > MOST_AMOUNT:
            raise AmountTooLarge(f"{quoted.total} is more than any price.")
        lines = tuple(
            compose_line(line, organization_id=due.organization_id, position=1, origin=ORIGIN)
            for line in quoted.lines
        )
        return RenewalPrice(
            lines=lines,
            wordings=tuple(Wording.of(line.description) for line in lines),
            renewal=self._renewal(due, lines[0]),
            net=quoted.net.amount,
            tax=quoted.tax.amount,
        )

    def _renewal(self, due: Due, line: InvoiceLine) -> Renewal:
        return Renewal(
            period=line.period,
            months=due.months,
            next_attempt_on=max(first_attempt_on(due.expires_on), self.today),
        )


@dataclass(slots=True)
class Prices:
    """Prices of renewals, each computed when it is first asked for."""

    pricing: Pricing
    plans: Mapping[int, Plan]
    _found: dict[Hashable, RenewalPrice | None] = field(default_factory=dict)

    def of(self, due: Due, options: Mapping[str, int]) -> RenewalPrice | None:
        """Return what renewing `due` costs; None where it is not sold like this any more.

        :raises AmountTooLarge: no invoice can take it.
        """
        # All of a product that a price can depend on: it is handed nothing else.
        key = (due[ALIKE_FROM:], not due.name, *options.items())
        try:
            return self._found[key]
        except KeyError:
            pass
        try:
            price = self.pricing.price(due, self.plans[due.plan_id], options)
        except PriceNotFound:
            price = None
        self._found[key] = price
        return price
