"""The one function that prices lines (BIL-6)."""

from datetime import date
from decimal import ROUND_HALF_UP, Decimal

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from billing.profiles.models import LegalEntity
from billing.profiles.party import Party
from billing.tax.quote import BadLine, LineInput, Quote, quote
from manager.kit.money import CurrencyMismatch, Money

TODAY = date(2026, 11, 22)
SELLER = LegalEntity(name="Seller", country="CH")

many = settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
lines_of = st.lists(
    st.tuples(st.integers(min_value=0, max_value=10**9), st.integers(min_value=1, max_value=100)),
    min_size=1,
    max_size=12,
)
countries = st.sampled_from(["CH", "LI", "DE", "FR", "FI", "HU", "US"])


def price(lines: list[tuple[int, int]], country: str = "CH", currency: str = "CHF") -> Quote:
    buyer = Party(name="B", kind="private", street="", postal_code="", city="", country=country)
    return quote(
        lines=[LineInput(description="x", unit=Money(unit, currency), quantity=n) for unit, n in lines],
        buyer=buyer,
        seller=SELLER,
        currency=currency,
        on=TODAY,
    )


@pytest.mark.parametrize(
    ("unit", "quantity", "tax"),
    [(1000, 1, 81), (5, 1, 0), (6, 1, 0), (7, 1, 1), (500, 1, 41), (50, 10, 41), (0, 3, 0)],
)
def test_rounds_half_up_once_a_line(unit: int, quantity: int, tax: int) -> None:
    """BIL-6: 8.1 % of 5.00 is 0.405 and becomes 0.41; ten of 0.50 are one line of 5.00."""
    assert price([(unit, quantity)]).tax == Money(tax, "CHF")


def test_rounds_each_line_and_not_the_sum() -> None:
    """BIL-6: stated on the document."""
    assert price([(500, 1), (500, 1)]).tax == Money(82, "CHF")


@many
@given(lines=lines_of, country=countries)
def test_sums_agree(lines: list[tuple[int, int]], country: str) -> None:
    """BIL-6: lines, rates and total say the same."""
    quoted = price(lines, country)
    assert quoted.net.amount == sum(line.net.amount for line in quoted.lines) == sum(u * n for u, n in lines)
    assert quoted.tax.amount == sum(line.tax.amount for line in quoted.lines)
    assert quoted.total == quoted.net + quoted.tax
    assert sum(each.net.amount for each in quoted.by_rate) == quoted.net.amount
    assert sum(each.tax.amount for each in quoted.by_rate) == quoted.tax.amount


@many
@given(lines=lines_of, country=countries)
def test_is_never_negative_and_follows_the_rate(lines: list[tuple[int, int]], country: str) -> None:
    """BIL-6: each line's VAT is its exact share, rounded half up."""
    quoted = price(lines, country)
    for line in quoted.lines:
        exact = Decimal(line.net.amount) * quoted.decision.rate / 10_000
        assert line.tax.amount == int(exact.quantize(Decimal(1), ROUND_HALF_UP)) >= 0


@pytest.mark.parametrize(("unit", "quantity"), [(-1, 1), (100, 0), (100, -3)])
def test_refuses_a_line_that_gives_money(unit: int, quantity: int) -> None:
    """INC-27."""
    with pytest.raises(BadLine):
        price([(unit, quantity)])


def test_refuses_another_currency() -> None:
    """Amounts of two currencies are never added."""
    buyer = Party(name="B", kind="private", street="", postal_code="", city="", country="CH")
    with pytest.raises(CurrencyMismatch):
        quote(
            lines=[LineInput(description="x", unit=Money(1, "EUR"))],
            buyer=buyer,
            seller=SELLER,
            currency="CHF",
            on=TODAY,
        )
