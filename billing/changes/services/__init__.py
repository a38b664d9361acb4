"""The verbs of a change of an offer."""

from billing.changes.services.accept import accept_change
from billing.changes.services.quote import quote_change
from billing.changes.services.withdraw import withdraw_change

__all__ = ["accept_change", "quote_change", "withdraw_change"]
