"""How a domain is renewed at the operator's risk: the floor above, which knows money, registers it."""

from collections.abc import Callable
from datetime import datetime

from manager.kit.actor import Actor
from products.inventory.models import Product

# Renews the product, and leaves an invoice to be paid; raises a DomainError where it cannot be.
Renewer = Callable[[Product, Actor, datetime], None]

_renewers: list[Renewer] = []


def register_renewer(renewer: Renewer) -> None:
    """Let `renewer` renew domains under warranty; called once, at start."""
    _renewers[:] = [renewer]


def get_renewer() -> Renewer:
    """Return what renews a domain under warranty.

    :raises LookupError: no floor above registered one.
    """
    if not _renewers:
        raise LookupError("Nothing renews domains under warranty here.")
    return _renewers[0]
