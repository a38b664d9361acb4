"""Money: an amount in minor units (Rappen, cents) with its currency."""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from functools import lru_cache

from babel.numbers import format_currency, get_currency_precision, get_currency_symbol
from django.utils.translation import get_language

BASIS_POINTS = 10_000


class CurrencyMismatch(TypeError):
    """Two amounts of different currencies were added, subtracted or compared."""


@dataclass(frozen=True, slots=True, order=False)
class Money:
    """An immutable amount: `amount` in minor units, `currency` as ISO 4217 code.

    Arithmetic across currencies raises CurrencyMismatch.
    """

    amount: int
    currency: str

    def __post_init__(self) -> None:
        if not isinstance(self.amount, int) or isinstance(self.amount, bool):
            raise TypeError("Money takes an integer amount in minor units.")

    @classmethod
    def zero(cls, currency: str) -> "Money":
        """Return nothing, in `currency`."""
        return cls(0, currency)

    @classmethod
    def total(cls, items: "Iterable[Money]", currency: str) -> "Money":
        """Return the sum of `items`, all in `currency`."""
        result = cls.zero(currency)
        for item in items:
            result += item
        return result

    def _same(self, other: "Money") -> None:
        if self.currency != other.currency:
            raise CurrencyMismatch(f"{self.currency} and {other.currency} cannot be combined.")

    def __add__(self, other: "Money") -> "Money":
        self._same(other)
        return Money(self.amount + other.amount, self.currency)

    def __sub__(self, other: "Money") -> "Money":
        self._same(other)
        return Money(self.amount - other.amount, self.currency)

    def __neg__(self) -> "Money":
        return Money(-self.amount, self.currency)

    def __mul__(self, count: int) -> "Money":
        if not isinstance(count, int):
            raise TypeError("Money is multiplied by whole numbers only; see `share`.")
        return Money(self.amount * count, self.currency)

    def __lt__(self, other: "Money") -> bool:
        self._same(other)
        return self.amount < other.amount

    def __le__(self, other: "Money") -> bool:
        self._same(other)
        return self.amount <= other.amount

    def __bool__(self) -> bool:
        return self.amount != 0

    def share(self, numerator: int, denominator: int) -> "Money":
        """Return `numerator/denominator` of this amount, rounded half up (away from zero), once."""
        exact = Decimal(self.amount) * numerator / denominator
        return Money(int(exact.quantize(Decimal(1), rounding=ROUND_HALF_UP)), self.currency)

    def at_rate(self, basis_points: int) -> "Money":
        """Return this amount times a rate in basis points (810 = 8.1 %), rounded half up, once."""
        return self.share(basis_points, BASIS_POINTS)

    def as_decimal(self) -> Decimal:
        """Return the amount in major units, for documents and formats that want a decimal number."""
        precision = get_currency_precision(self.currency)
        return Decimal(self.amount).scaleb(-precision)

    def as_dict(self) -> dict[str, int | str]:
        """Return the amount as the API tells it (API-1)."""
        return {"amount": self.amount, "currency": self.currency}

    def format(self, language: str | None = None) -> str:
        """Return the amount as people write it in `language` (the active one when None)."""
        return _format(self, (language or get_language() or "en").replace("-", "_"))

    def __str__(self) -> str:
        return self.format("en")


@lru_cache(maxsize=4096)
def _format(money: Money, locale: str) -> str:
    """Return the amount as `locale` writes it; kept, as a page shows the same prices in many rows."""
    spelled_out = locale == "en" and get_currency_symbol(money.currency, locale).isalpha()
    pattern = "¤\xa0#,##0.00" if spelled_out else None  # English would write CHF1,234.50
    return format_currency(money.as_decimal(), money.currency, pattern, locale=locale)
