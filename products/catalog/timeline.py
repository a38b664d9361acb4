"""The amounts of one price through time: spans of days, in order, that never overlap.

All functions are pure; both days of a span are included, and a last day of None means *until further
notice*.
"""

from datetime import date, timedelta
from itertools import pairwise
from typing import NamedTuple

DAY = timedelta(days=1)


class Span(NamedTuple):
    """An amount in minor units with the days on which it holds."""

    amount: int
    since: date
    until: date | None = None


Timeline = tuple[Span, ...]


def overlaps(line: Timeline) -> bool:
    """Return whether a span ends before it begins, or two of them share a day."""
    if any(span.until is not None and span.until < span.since for span in line):
        return True
    ordered = sorted(line, key=lambda span: span.since)
    pairs = pairwise(ordered)
    return any(before.until is None or before.until >= after.since for before, after in pairs)


def before(line: Timeline, day: date) -> Timeline:
    """Return what holds before `day`."""
    return tuple(
        span if span.until is not None and span.until < day else Span(span.amount, span.since, day - DAY)
        for span in line
        if span.since < day
    )


def since(line: Timeline, day: date) -> Timeline:
    """Return what holds on `day` and later."""
    return tuple(
        span if span.since >= day else Span(span.amount, day, span.until)
        for span in line
        if span.until is None or span.until >= day
    )


def join(*lines: Timeline) -> Timeline:
    """Return the lines one after the other; equal amounts that touch where two lines meet become one span."""
    joined: list[Span] = []
    for line in lines:
        for number, span in enumerate(line):
            last = joined[-1] if joined and number == 0 else None
            if last is not None and last.amount == span.amount and _touch(last, span):
                joined[-1] = Span(span.amount, last.since, span.until)
            else:
                joined.append(span)
    return tuple(joined)


def merged(line: Timeline) -> Timeline:
    """Return the line with all equal amounts that touch as one span, for comparing."""
    return join(*((span,) for span in line))


def paint(line: Timeline, amount: int | None, first: date, last: date | None = None) -> Timeline:
    """Return the line with `amount` from `first` to `last` in place of what was there.

    With None for the amount there is no price on these days. Without a `last` day it holds until further
    notice, also in place of what was planned for later.
    """
    new = () if amount is None else (Span(amount, first, last),)
    after = () if last is None else since(line, last + DAY)
    return join(before(line, first), new, after)


def find_amount(line: Timeline, day: date) -> int | None:
    """Return the amount that holds on `day`, or None."""
    for span in line:
        if span.since <= day and (span.until is None or day <= span.until):
            return span.amount
    return None


def _touch(earlier: Span, later: Span) -> bool:
    return earlier.until is not None and earlier.until + DAY == later.since
