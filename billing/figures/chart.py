"""Columns of a chart as an SVG draws them: a picture of numbers, computed without a page or a database."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.formats import number_format

from manager.kit.money import Money

HEIGHT = 1000
COLUMN = 100
GAP = 14
STEPS = (1, 2, 5)


@dataclass(frozen=True, slots=True)
class Part:
    """One piece of a column: `series` counts from 1 and chooses its colour."""

    series: int
    y: int
    height: int


@dataclass(frozen=True, slots=True)
class Column:
    """One column with its short name below it and what it says in words."""

    x: int
    label: str
    text: str
    parts: list[Part]


@dataclass(frozen=True, slots=True)
class Chart:
    """A chart in units of its own, which the page stretches; `ticks` from the top to the bottom."""

    columns: list[Column]
    ticks: list[str]
    zero: int
    lines: list[int]

    @property
    def width(self) -> int:
        """How wide the drawing is."""
        return COLUMN * len(self.columns)

    @property
    def height(self) -> int:
        """How high the drawing is."""
        return HEIGHT

    @property
    def bar(self) -> int:
        """How wide a column is."""
        return COLUMN - 2 * GAP


def draw_columns(rows: Sequence[tuple[str, str, Sequence[Money]]]) -> Chart:
    """Return the chart of (short name, words, amounts of each series); series are stacked.

    The scale is of round numbers of the currency and holds zero; what is below zero hangs down from it.
    """
    highest = max((sum(max(m.amount, 0) for m in amounts) for _s, _t, amounts in rows), default=0)
    lowest = min((sum(min(m.amount, 0) for m in amounts) for _s, _t, amounts in rows), default=0)
    step = _round_step(highest - lowest)
    top, bottom = -(-highest // step) * step, lowest // step * step
    top = top if top > bottom else step
    span = top - bottom

    def place(amount: int) -> int:
        return round((top - amount) * HEIGHT / span)

    columns = []
    for index, (label, text, amounts) in enumerate(rows):
        parts, above, below = [], 0, 0
        for series, money in enumerate(amounts, start=1):
            begin = above if money.amount > 0 else below
            y, end = sorted((place(begin), place(begin + money.amount)))
            above, below = above + max(money.amount, 0), below + min(money.amount, 0)
            if end > y:
                parts.append(Part(series, y, end - y))
        columns.append(Column(index * COLUMN + GAP, label, text, parts))
    values = range(top, bottom - 1, -step)
    return Chart(columns, [_tick(value) for value in values], place(0), [place(value) for value in values])


def share(part: Money, whole: Money) -> int:
    """Return how much of `whole` a part is, from 0 to 1000, for a bar that stands for it."""
    if whole.amount <= 0 or part.amount <= 0:
        return 0
    return min(HEIGHT, round(part.amount * HEIGHT / whole.amount))


def _round_step(span: int) -> int:
    """Return the distance of lines, in minor units: 1, 2 or 5 with noughts, at most five to the span."""
    power = 100
    while True:
        for factor in STEPS:
            if span <= factor * power * 5:
                return factor * power
        power *= 10


def _tick(amount: int) -> str:
    return number_format(amount // 100, use_l10n=True, force_grouping=True)
