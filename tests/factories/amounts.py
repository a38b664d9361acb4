"""Amounts as the API writes them."""

from typing import Any


def chf(amount: int) -> dict[str, Any]:
    """Return Rappen as requests and answers of the API hold them."""
    return {"amount": amount, "currency": "CHF"}
