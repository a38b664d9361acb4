"""The life of an order (PRD-4, PRD-5)."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class OrderStatus(models.TextChoices):
    """Where an order stands; a held one is paid, and its products wait for a check."""

    PENDING = "pending", _("Pending")
    HELD = "held", _("Being checked")
    PAID = "paid", pgettext_lazy("an order", "Paid")
    CANCELLED = "cancelled", pgettext_lazy("an order", "Cancelled")


TRANSITIONS: dict[str, frozenset[str]] = {
    OrderStatus.PENDING: frozenset({OrderStatus.PAID, OrderStatus.HELD, OrderStatus.CANCELLED}),
    OrderStatus.HELD: frozenset({OrderStatus.PAID, OrderStatus.CANCELLED}),
    OrderStatus.PAID: frozenset(),
    OrderStatus.CANCELLED: frozenset(),
}
