"""Who gives what a paid invoice of a certain origin pays for, where that is more than the days of products.

Rooms above register themselves when the app starts; the verb that settles an invoice calls them in its
transaction, so that the payment and its effect are one fact.
"""

from collections.abc import Callable
from datetime import datetime

from billing.invoices.models import Invoice
from manager.kit.actor import Actor

Fulfiller = Callable[[Invoice, Actor, datetime], None]
"""Given the locked invoice. A DomainError leaves its lines unfulfilled and does not undo the payment."""

_fulfillers: dict[str, Fulfiller] = {}


def register_fulfiller(origin: str, fulfiller: Fulfiller) -> None:
    """Let `fulfiller` give what invoices of `origin` pay for."""
    _fulfillers[origin] = fulfiller


def find_fulfiller(origin: str) -> Fulfiller | None:
    """Return who fulfils invoices of `origin`, or None where its lines are fulfilled one by one."""
    return _fulfillers.get(origin)
