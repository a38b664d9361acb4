"""What codes and free credits take off, to the cent (BIL-13)."""

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from billing.promotions.compute import CodeTerms, CreditTerms, Part, share_out
from manager.kit.money import Money

PLANS = ("starter", "pro", "mail")


def chf(amount):
    return Money(amount, "CHF")


def part(amount, *, plan="starter", months=12, quantity=1, credit=None):
    unit = chf(amount)
    return Part(plan=plan, family="web", months=months, unit=unit, price=unit * quantity, credit=credit)


def percent(points, number=1, **terms):
    return CodeTerms(id=number, code=f"P{number}", basis_points=points, amount=None, **terms)


def fixed(amount, number=1, **terms):
    return CodeTerms(id=number, code=f"F{number}", basis_points=None, amount=chf(amount), **terms)


def taken(parts, codes):
    return [[(share.label, share.amount.amount) for share in row] for row in share_out(parts, codes)]


def test_percent_is_of_the_lines_price_and_rounded_half_up():
    """BIL-13: 15 % of 0.10 is 0.02 (0.015); two percentages are of the same price."""
    assert taken([part(10)], [percent(1_500)]) == [[("P1", 2)]]
    assert taken([part(10_000)], [percent(1_000, 1), percent(2_000, 2)]) == [[("P1", 1_000), ("P2", 2_000)]]


def test_a_fixed_amount_is_spread_without_losing_a_cent():
    """BIL-13: 10.00 over three like lines: 3.34, 3.33 and 3.33; after the percentage, whatever was first."""
    assert taken([part(5_000)] * 3, [fixed(1_000)]) == [[("F1", 334)], [("F1", 333)], [("F1", 333)]]
    assert taken([part(1_000)], [fixed(500, 1), percent(5_000, 2)]) == [[("P2", 500), ("F1", 500)]]


def test_nothing_falls_below_zero():
    """BIL-13: what is left is all that can be taken."""
    assert taken([part(1_000)], [percent(8_000, 1), percent(8_000, 2), fixed(900, 3)]) == [
        [("P1", 800), ("P2", 200)]
    ]
    assert taken([part(1_000), part(200)], [fixed(5_000)]) == [[("F1", 1_000)], [("F1", 200)]]


def test_only_the_plans_families_and_periods_of_a_code():
    """BIL-13: a plan or a family is enough; the period has to be one of its own."""
    lines = [part(1_000), part(1_000, plan="mail"), part(1_000, months=1)]
    assert taken(lines, [percent(1_000, plans=frozenset({"mail"}))]) == [[], [("P1", 100)], []]
    assert taken(lines, [percent(1_000, months=frozenset({1}))]) == [[], [], [("P1", 100)]]
    assert taken(lines, [percent(1_000, families=frozenset({"domains"}))]) == [[], [], []]


def test_a_free_credit_comes_first_and_is_of_one_unit():
    """BIL-13: three months of a year of one of two units, then the percentage of the rest."""
    credit = CreditTerms(1, "Free credit", None, 3)
    assert taken([part(12_000, quantity=2, credit=credit)], [percent(1_000)]) == [
        [("Free credit", 3_000), ("P1", 2_100)]
    ]
    assert taken([part(300, credit=replace(credit, months=None, amount=chf(900)))], []) == [
        [("Free credit", 300)]
    ]


amounts = st.integers(0, 500_000)
parts = st.builds(
    part,
    amounts,
    plan=st.sampled_from(PLANS),
    months=st.sampled_from([1, 12, 24]),
    quantity=st.integers(1, 7),
    credit=st.none()
    | st.builds(CreditTerms, st.just(9), st.just("C"), st.builds(chf, st.integers(1, 90_000)), st.none())
    | st.builds(CreditTerms, st.just(9), st.just("C"), st.none(), st.integers(1, 36)),
)
terms = {"plans": st.frozensets(st.sampled_from(PLANS)), "months": st.frozensets(st.sampled_from([1, 12]))}
codes = st.one_of(
    st.builds(percent, st.integers(1, 10_000), st.integers(1, 10**6), **terms),
    st.builds(fixed, st.integers(1, 900_000), st.integers(1, 10**6), **terms),
)


@given(
    lines=st.lists(parts, min_size=1, max_size=8),
    entered=st.lists(codes, max_size=5, unique_by=lambda c: c.id),
)
def test_sums_and_order(lines, entered):
    """BIL-13: no line below zero; a fixed amount is taken whole where there is so much; any order will do."""
    shares = share_out(lines, entered)
    assert shares == share_out(lines, entered[::-1])
    left = [
        line.price.amount - sum(s.amount.amount for s in row) for line, row in zip(lines, shares, strict=True)
    ]
    assert min(left) >= 0
    for code in entered:
        off = sum(s.amount.amount for row in shares for s in row if s.code_id == code.id)
        mine = [i for i, line in enumerate(lines) if code.fits(line)]
        assert all(s.code_id != code.id for i, row in enumerate(shares) if i not in mine for s in row)
        if code.amount is not None:
            assert off == code.amount.amount or (off < code.amount.amount and not sum(left[i] for i in mine))
