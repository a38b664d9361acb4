"""What codes and free credits take off (BIL-13): no database, no clock, whole minor units.

The rule, in this order. A free credit lowers the line on which it was chosen. Then each percentage is taken
of what its lines cost by then, all of the same sum, rounded half up for each line. Then each fixed amount is
spread over what is left of its lines, in proportion, so that its parts are the amount to the cent. No line
falls below zero. The order in which codes are entered makes no difference.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from manager.kit.money import Money


@dataclass(frozen=True, slots=True)
class CreditTerms:
    """A free credit: an amount, or so many months, of one unit of the plan."""

    id: int
    label: str
    amount: Money | None
    months: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """A line before discounts: `price` is that of all its units. `plan` and `family` are slugs."""

    plan: str
    family: str
    months: int
    unit: Money
    price: Money
    credit: CreditTerms | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class CodeTerms:
    """A code: a percentage in basis points or an amount; empty sets are for everything."""

    id: int
    code: str
    basis_points: int | None
    amount: Money | None
    plans: frozenset[str] = frozenset()
    families: frozenset[str] = frozenset()
    months: frozenset[int] = frozenset()

    def fits(self, part: Part) -> bool:
        """Return whether the code is for this line; plans and families widen each other."""
        named = part.plan in self.plans or part.family in self.families
        return (named or not (self.plans or self.families)) and (
            not self.months or part.months in self.months
        )


@dataclass(frozen=True, slots=True)
class Share:
    """What a code or a free credit takes off one line, without VAT. One of the ids is set."""

    label: str
    amount: Money
    code_id: int | None = None
    credit_id: int | None = None


def share_out(parts: Sequence[Part], codes: Sequence[CodeTerms]) -> list[list[Share]]:
    """Return what is taken off each of `parts`, in the order in which it is taken."""
    rest = [_Rest(part, part.price, []) for part in parts]
    for row in rest:
        if (credit := row.part.credit) is not None:
            row.take(Share(credit.label, min(_worth(credit, row.part), row.left), credit_id=credit.id))
    priced = [row.left for row in rest]
    ordered = sorted(codes, key=lambda code: (code.basis_points is None, code.id))
    for code in ordered:
        mine = [index for index, row in enumerate(rest) if code.fits(row.part)]
        for index, off in zip(mine, _taken(code, mine, rest, priced), strict=True):
            rest[index].take(Share(code.code, off, code_id=code.id))
    return [row.shares for row in rest]


@dataclass(slots=True)
class _Rest:
    """A line while its price is lowered: what is left of it, and what was taken."""

    part: Part
    left: Money
    shares: list[Share]

    def take(self, share: Share) -> None:
        if share.amount:
            self.shares.append(share)
            self.left -= share.amount


def _taken(
    code: CodeTerms, mine: Sequence[int], rest: Sequence[_Rest], priced: Sequence[Money]
) -> list[Money]:
    """Return what a code takes off each of its lines."""
    if code.basis_points is None:
        return _spread(code.amount, [rest[index].left for index in mine])
    return [min(priced[index].at_rate(code.basis_points), rest[index].left) for index in mine]


def _worth(credit: CreditTerms, part: Part) -> Money:
    if credit.amount is not None:
        return credit.amount
    return part.unit.share(min(credit.months or 0, part.months), part.months)


def _spread(amount: Money | None, over: Sequence[Money]) -> list[Money]:
    """Divide `amount`, at most their sum, in proportion to `over`; the largest rests get the last units."""
    total = sum(money.amount for money in over)
    if amount is None or not total:
        return [money - money for money in over]
    given = min(amount.amount, total)
    parts = [divmod(given * money.amount, total) for money in over]
    rest = given - sum(whole for whole, _rest in parts)
    favoured = sorted(range(len(parts)), key=lambda index: (-parts[index][1], index))[:rest]
    return [Money(whole + (index in favoured), amount.currency) for index, (whole, _rest) in enumerate(parts)]
