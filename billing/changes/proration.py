"""What a change of the offer costs, by day (PRD-10, PRD-14): no database, no clock, whole minor units.

What was paid for days that are still to come is given back, and what is wanted for the same days is charged.
Both ask one function, what the last `k` of `n` days of a price are worth, rounded half up once. So a change
that is taken back the same day costs nothing, and what is used and what is returned of a line are together
what was paid for it, to the cent.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import pairwise

from manager.kit.clock import add_months
from manager.kit.money import Money

Period = tuple[date, date]
"""Half-open days: the first one, and the first one that does not belong to it."""


@dataclass(frozen=True, slots=True)
class PaidDays:
    """A paid line of a product: `period` as it was billed, `covers` what it still pays of it.

    `covers` begins with the period and may end earlier, where a change has cut it. Amounts are those of
    the whole period; `rate` is the VAT's, in basis points, `code` its rule.
    """

    line: int
    invoice: int
    component: str
    months: int
    period: Period
    covers: Period
    net: Money
    tax: Money
    rate: int
    code: str = ""

    def value_from(self, on: date) -> tuple[Money, Money]:
        """Return net and VAT of the days from `on` on that the line still covers."""
        begin, end = self.covers
        first = min(max(on, begin), end)
        here, later = worth(self.net, self.period, first), worth(self.net, self.period, end)
        return here - later, here.at_rate(self.rate) - later.at_rate(self.rate)


def worth(price: Money, period: Period, on: date) -> Money:
    """Return what the days of `period` from `on` on are worth of its `price`, rounded half up once."""
    return price.share((period[1] - on).days, (period[1] - period[0]).days)


@dataclass(frozen=True, slots=True)
class Stretch:
    """Days to come that are priced alike: `ends_on` is the end of the paid period of `months` they lie in.

    `is_paid` tells whether a line of this organization pays them.
    """

    days: Period
    months: int
    ends_on: date
    is_paid: bool


@dataclass(frozen=True, slots=True)
class Return:
    """What a paid line is worth from the day of the change on."""

    paid: PaidDays
    net: Money
    tax: Money

    @property
    def gross(self) -> Money:
        """The sum with the VAT that was paid."""
        return self.net + self.tax


PriceOf = Callable[[str, int], Money | None]
"""The price of a component for a whole period of so many months; None: it is not (or was not) there."""


def stretches(
    *, paid: Sequence[PaidDays], component: str, on: date, until: date, months: int
) -> list[Stretch]:
    """Divide the days from `on` to `until` by the lines that pay them, those of `component` first.

    Days that no line pays (a product received from elsewhere, or given) count as a period of `months`
    that ends with them.
    """
    own = [line for line in paid if line.component == component and _overlap(line.covers, (on, until))]
    plan = [line for line in paid if line.component == "" and _overlap(line.covers, (on, until))]
    edges = {on, until}
    for line in [*own, *plan]:
        edges |= {day for day in line.covers if on < day < until}
    found: list[Stretch] = []
    days = sorted(edges)
    for begin, end in pairwise(days):
        mine = next((line for line in own if _overlap(line.covers, (begin, end))), None)
        over = mine or next((line for line in plan if _overlap(line.covers, (begin, end))), None)
        found.append(
            Stretch(
                days=(begin, end),
                months=over.months if over else months,
                ends_on=over.period[1] if over else end,
                is_paid=mine is not None,
            )
        )
    return found


def charge(
    *, component: str, stretch: Stretch, anchor: int | None, price_of: PriceOf, offered: Sequence[int]
) -> Money | None:
    """Return what `component` costs for the days of `stretch`: its price by day, rounded half up once.

    The price is that of the stretch's own period, or of the nearest shorter one that is `offered`, else
    of the shortest. None: there is no price for it.
    """
    months = nearest(offered, stretch.months)
    price = price_of(component, months) if months is not None else None
    if price is None or months is None:
        return None
    whole = (add_months(stretch.ends_on, -months, anchor=anchor), stretch.ends_on)
    return worth(price, whole, stretch.days[0]) - worth(price, whole, stretch.days[1])


def nearest(offered: Sequence[int], months: int) -> int | None:
    """Return the longest offered period not longer than `months`, else the shortest; None without any."""
    shorter = [count for count in offered if count <= months]
    return max(shorter) if shorter else min(offered, default=None)


def returns(*, paid: Sequence[PaidDays], components: frozenset[str], on: date) -> list[Return]:
    """Return what the lines of `components` are worth from `on` on, lines worth nothing left out."""
    found = [
        Return(line, *line.value_from(on))
        for line in sorted(paid, key=lambda line: (line.covers, line.component))
        if line.component in components and line.covers[1] > on
    ]
    return [row for row in found if row.net or row.tax]


def set_off(*, given_back: Sequence[Return], owed: Money) -> tuple[list[Return], list[Return]]:
    """Divide what is given back into what pays `owed` (a sum with VAT) and what is left over.

    Together they are what came in, to the cent, in net and in VAT; the first part never exceeds `owed`.
    """
    used: list[Return] = []
    left: list[Return] = []
    for row in given_back:
        if row.gross <= owed:
            used.append(row)
            owed -= row.gross
            continue
        if owed:
            net = row.net.share(owed.amount, row.gross.amount)
            used.append(Return(row.paid, net, owed - net))
            left.append(Return(row.paid, row.net - net, row.tax - (owed - net)))
            owed = Money.zero(owed.currency)
        else:
            left.append(row)
    return used, left


def _overlap(one: Period, other: Period) -> bool:
    return max(one[0], other[0]) < min(one[1], other[1])
