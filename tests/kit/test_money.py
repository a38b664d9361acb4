"""Money: whole minor units, one currency, one way of rounding."""

from decimal import ROUND_HALF_UP, Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from manager.kit.money import CurrencyMismatch, Money

amounts = st.integers(min_value=-(10**15), max_value=10**15)


class TestMoney:
    def test_refuses_floats(self) -> None:
        """BIL-15: no amount is ever a float."""
        with pytest.raises(TypeError):
            Money(1.5, "CHF")  # type: ignore[arg-type]
        with pytest.raises(TypeError):
            Money(1, "CHF") * 0.5  # type: ignore[operator]

    def test_refuses_to_mix_currencies(self) -> None:
        """BIL-15: francs and euros do not add up."""
        with pytest.raises(CurrencyMismatch):
            Money(1, "CHF") + Money(1, "EUR")
        with pytest.raises(CurrencyMismatch):
            assert Money(1, "CHF") < Money(2, "EUR")

    @given(amounts, amounts)
    def test_adds_and_subtracts_exactly(self, first: int, second: int) -> None:
        """BIL-15: arithmetic is that of whole numbers."""
        total = Money(first, "CHF") + Money(second, "CHF")
        assert total - Money(second, "CHF") == Money(first, "CHF")

    @given(st.integers(min_value=0, max_value=10**12), st.integers(min_value=0, max_value=3000))
    def test_rounds_a_rate_half_up_once(self, amount: int, rate: int) -> None:
        """BIL-6: VAT of a line is rounded half up, once."""
        exact = (Decimal(amount) * rate / 10_000).quantize(Decimal(1), rounding=ROUND_HALF_UP)
        assert Money(amount, "CHF").at_rate(rate).amount == int(exact)

    @pytest.mark.parametrize(
        ("amount", "rate", "tax"), [(5, 1000, 1), (4, 1000, 0), (10_000, 810, 810), (617, 810, 50)]
    )
    def test_rounds_known_cases(self, amount: int, rate: int, tax: int) -> None:
        """BIL-6: half a cent goes up."""
        assert Money(amount, "CHF").at_rate(rate).amount == tax

    def test_is_written_as_people_write_it(self) -> None:
        """UI-4: each language has its own way."""
        assert Money(123_450, "EUR").format("de") == "1.234,50\xa0€"
        assert Money(123_450, "CHF").format("en") == "CHF\xa01,234.50"
