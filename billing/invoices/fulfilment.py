"""Who gives what a paid invoice of a certain origin pays for, where that is more than the days of products.

Rooms above register themselves when the app starts; the verb that settles an invoice calls them in its
transaction, so that the payment and its effect are one fact.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from billing.invoices.models import Invoice
from manager.kit.actor import Actor

Fulfil = Callable[[Invoice, Actor, datetime], None]
Refused = Callable[[Invoice, str, Actor, datetime], None]


@dataclass(frozen=True, slots=True)
class Fulfiller:
    """What the payment of an invoice calls.

    `fulfil` is given the locked invoice. Where it raises a DomainError, the payment stands and its money
    becomes balance; `refused` is then told the error's code, in the same transaction.
    """

    fulfil: Fulfil
    refused: Refused | None = None


_fulfillers: dict[str, Fulfiller] = {}

Waits = Callable[[Invoice, Actor, datetime], set[int]]
"""Given the locked invoice that is being paid, returns the products whose lines wait though they are paid."""

_waiters: list[Waits] = []


def register_waiter(waits: Waits) -> None:
    """Let `waits` say which products of a paid invoice are not begun yet, such as those of a held order."""
    _waiters.append(waits)


def products_that_wait(invoice: Invoice, actor: Actor, at: datetime) -> set[int]:
    """Return the products of `invoice` that have to wait, by all who may hold one back."""
    return {product for waits in _waiters for product in waits(invoice, actor, at)}


def register_fulfiller(origin: str, fulfil: Fulfil, *, refused: Refused | None = None) -> None:
    """Let `fulfil` give what invoices of `origin` pay for, and `refused` hear what it could not."""
    _fulfillers[origin] = Fulfiller(fulfil, refused)


def find_fulfiller(origin: str) -> Fulfiller | None:
    """Return who fulfils invoices of `origin`, or None where its lines are fulfilled one by one."""
    return _fulfillers.get(origin)
