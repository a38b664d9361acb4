"""What the address of the figures asks for, read leniently."""

from dataclasses import dataclass

from django.http import QueryDict

from billing.figures.months import SPANS


@dataclass(frozen=True, slots=True)
class FiguresChoice:
    """How many months back, and in which currency (empty: the organization's)."""

    months: int = SPANS[0]
    currency: str = ""

    @classmethod
    def read(cls, query: QueryDict) -> "FiguresChoice":
        """Return the choice of a query string; what is not offered is left out."""
        spans = {str(span): span for span in SPANS}
        currency = query.get("currency", "")
        is_code = len(currency) == 3 and currency.isascii() and currency.isalpha()
        return cls(spans.get(query.get("months", ""), SPANS[0]), currency if is_code else "")
