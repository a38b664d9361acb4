"""What stands in the way of a transfer; the floor above, which knows money, registers its reasons."""

from collections.abc import Callable
from datetime import datetime

from django.utils.translation import gettext_lazy as _

from manager.kit.errors import Text
from products.inventory.models import Product
from products.inventory.status import RENEWABLE

# (product, at, whether it is about to go at once) -> the reason, or None
Blocker = Callable[[Product, datetime, bool], Text | None]

_blockers: list[Blocker] = []


def register_transfer_blocker(blocker: Blocker) -> None:
    """Let `blocker` tell why a product cannot go; called once, at start."""
    if blocker not in _blockers:
        _blockers.append(blocker)


def why_not_transferable(product: Product, *, at: datetime, now: bool) -> Text | None:
    """Return why the product can neither be offered nor, with `now`, go at once; None where it can."""
    if product.status not in RENEWABLE:
        return _("Only a product that is active or suspended can be transferred.")
    return next((reason for blocker in _blockers if (reason := blocker(product, at, now))), None)
