"""Nothing is billed twice and nothing is lost, to the cent, whenever an offer is changed (PRD-10, PRD-14)."""

from dataclasses import replace
from datetime import date, timedelta
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from billing.changes.proration import (
    PaidDays,
    Return,
    charge,
    nearest,
    returns,
    set_off,
    stretches,
    worth,
)
from manager.kit.clock import add_months
from manager.kit.money import Money

MONTHS = (1, 3, 12, 24, 36, 60)
days = st.dates(date(2019, 12, 1), date(2033, 3, 31))
prices = st.integers(0, 10**7)
rates = st.sampled_from((0, 260, 770, 810, 2000))


def francs(amount):
    return Money(amount, "CHF")


def paid_line(begin, months, amount, rate, *, line=1, component=""):
    """Return a whole paid period from `begin` on, as an order or a renewal bills it."""
    end = add_months(begin, months, anchor=begin.day)
    net = francs(amount)
    return PaidDays(line, line, component, months, (begin, end), (begin, end), net, net.at_rate(rate), rate)


@given(begin=days, months=st.sampled_from(MONTHS), amount=prices, rate=rates, part=st.floats(0, 1))
def test_used_and_returned_are_what_was_paid(begin, months, amount, rate, part):
    """PRD-14: to the cent, in net and VAT, on any day of any period."""
    line = paid_line(begin, months, amount, rate)
    on = begin + timedelta(days=int((line.period[1] - begin).days * part))
    back, back_tax = line.value_from(on)
    kept = replace(line, covers=(begin, on)).value_from(begin)
    assert back + kept[0] == line.net
    assert back_tax + kept[1] == line.tax
    assert francs(0) <= back <= line.net
    assert francs(0) <= back_tax <= line.tax


@given(begin=days, months=st.sampled_from(MONTHS), amount=prices, part=st.floats(0, 1))
def test_the_same_offer_costs_what_it_gives_back(begin, months, amount, part):
    """PRD-14: changed and changed back the same day, nothing moves: leap days and month ends included."""
    line = paid_line(begin, months, amount, 810)
    on = begin + timedelta(days=int(((line.period[1] - begin).days - 1) * part))
    (stretch,) = stretches(paid=[line], component="", on=on, until=line.period[1], months=months)
    again = charge(
        component="",
        stretch=stretch,
        anchor=begin.day,
        price_of=lambda _component, _months: francs(amount),
        offered=MONTHS,
    )
    assert again == line.value_from(on)[0]


@given(
    begin=days,
    months=st.sampled_from(MONTHS),
    first=prices,
    changes=st.lists(st.tuples(prices, st.floats(0, 1)), max_size=8),
    rate=rates,
)
def test_any_number_of_changes_bills_each_day_once(begin, months, first, changes, rate):
    """PRD-14: after any chain of changes the lines cover each day once and hold all the money."""
    line = paid_line(begin, months, first, rate)
    until, on, money = line.period[1], begin, line.net + line.tax
    lines = [line]
    for number, (price, part) in enumerate(changes, start=2):
        on += timedelta(days=int(((until - on).days - 1) * part))
        (stretch,) = stretches(paid=lines, component="", on=on, until=until, months=months)
        cost = charge(
            component="",
            stretch=stretch,
            anchor=begin.day,
            price_of=lambda _component, _months, price=price: francs(price),
            offered=MONTHS,
        )
        back = returns(paid=lines, components=frozenset({""}), on=on)
        owed = cost + cost.at_rate(rate)
        used, left = set_off(given_back=back, owed=owed)
        money += owed - Money.total((row.gross for row in [*used, *left]), "CHF")
        lines = [
            replace(row, covers=(row.covers[0], min(row.covers[1], max(on, row.covers[0])))) for row in lines
        ]
        lines.append(
            PaidDays(number, number, "", months, stretch.days, stretch.days, cost, cost.at_rate(rate), rate)
        )
    covered = sorted(row.covers for row in lines if row.covers[0] < row.covers[1])
    assert covered[0][0] == begin
    assert covered[-1][1] == until
    assert all(one[1] == other[0] for one, other in pairwise(covered))
    kept = [row.value_from(row.covers[0]) for row in lines]
    assert Money.total((net + tax for net, tax in kept), "CHF") == money


@given(
    sums=st.lists(st.tuples(prices, st.sampled_from((0, 770, 810))), max_size=6), owed=st.integers(0, 10**8)
)
def test_setting_off_loses_nothing(sums, owed):
    """PRD-14: what pays the new offer and what is left over are what came in; the first is never too much."""
    line = paid_line(date(2026, 1, 1), 12, 0, 0)
    given_back = [Return(line, francs(net), francs(net).at_rate(rate)) for net, rate in sums]
    used, left = set_off(given_back=given_back, owed=francs(owed))
    for part in ("net", "tax", "gross"):
        came_in = Money.total((getattr(row, part) for row in given_back), "CHF")
        assert Money.total((getattr(row, part) for row in [*used, *left]), "CHF") == came_in
    total = Money.total((row.gross for row in given_back), "CHF")
    assert Money.total((row.gross for row in used), "CHF").amount == min(total.amount, owed)
    assert all(row.net.amount >= 0 and row.tax.amount >= 0 for row in [*used, *left])


@given(begin=days, lengths=st.lists(st.sampled_from(MONTHS), min_size=1, max_size=4), part=st.floats(0, 1))
def test_stretches_are_the_days_to_come_each_once(begin, lengths, part):
    """PRD-10: periods paid ahead are priced each by its own length."""
    lines, day = [], begin
    for number, months in enumerate(lengths):
        end = add_months(day, months, anchor=begin.day)
        net = francs(1200)
        lines.append(PaidDays(number, number, "", months, (day, end), (day, end), net, net, 0))
        day = end
    on = begin + timedelta(days=int(((day - begin).days - 1) * part))
    found = stretches(paid=lines, component="storage", on=on, until=day, months=12)
    assert found[0].days[0] == on
    assert found[-1].days[1] == day
    assert all(one.days[1] == other.days[0] for one, other in pairwise(found))
    assert [row.months for row in found] == [line.months for line in lines if line.covers[1] > on]
    assert not any(row.is_paid for row in found)  # the plan's lines only tell the length


def test_days_that_nobody_paid_here_count_as_the_products_period():
    """A product that came from another organization brings no lines with it."""
    (stretch,) = stretches(paid=[], component="", on=date(2026, 3, 1), until=date(2026, 9, 1), months=12)
    assert (stretch.months, stretch.ends_on, stretch.is_paid) == (12, date(2026, 9, 1), False)
    cost = charge(
        component="",
        stretch=stretch,
        anchor=1,
        price_of=lambda _component, _months: francs(36_500),
        offered=(1, 12),
    )
    assert cost == francs(100 * 184)


def test_a_leap_year_has_its_own_days():
    """1 January 2028 to 2029 are 366 days: half of it from 2 July on."""
    assert worth(francs(36_600), (date(2028, 1, 1), date(2029, 1, 1)), date(2028, 7, 2)) == francs(18_300)
    assert worth(francs(36_500), (date(2027, 1, 1), date(2028, 1, 1)), date(2027, 7, 2)) == francs(18_300)


def test_takes_the_nearest_shorter_period():
    """PRD-10: a plan that is not sold for the paid period is priced by the nearest shorter one."""
    assert nearest((1, 12), 24) == 12
    assert nearest((12, 24), 1) == 12
    assert nearest((1, 3, 12), 3) == 3
    assert nearest((), 3) is None
