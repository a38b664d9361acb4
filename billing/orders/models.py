"""Carts and orders (PRD-3, PRD-4)."""

from django.core.exceptions import ObjectDoesNotExist
from django.db import models
from django.db.models import Q

from billing.invoices.models import Invoice
from billing.orders.status import OrderStatus
from organizations.tenancy.models import OrganizationOwned
from products.catalog.models import Plan


class CartLine(OrganizationOwned):
    """A plan in the organization's cart, with its options: units by slug. Prices are read when shown."""

    plan = models.ForeignKey(Plan, on_delete=models.CASCADE, related_name="+")
    months = models.PositiveSmallIntegerField()
    quantity = models.PositiveIntegerField(default=1)
    options = models.JSONField(default=dict, db_default={})
    name = models.CharField(max_length=190, blank=True)
    created_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(quantity__gte=1, quantity__lte=100), name="cart_quantity_sane")
        ]

    def __str__(self) -> str:
        return f"{self.quantity} × {self.plan_id}"


class Order(OrganizationOwned):
    """A confirmed cart with its draft invoice. `confirmation_key` makes pressing twice one order."""

    status = models.CharField(max_length=10, choices=OrderStatus.choices, default=OrderStatus.PENDING)
    invoice = models.OneToOneField(Invoice, on_delete=models.PROTECT, related_name="order")
    confirmation_key = models.CharField(max_length=64)
    placed_by = models.BigIntegerField()
    created_at = models.DateTimeField()
    paid_at = models.DateTimeField(null=True)
    cancelled_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["organization", "confirmation_key"], name="order_once")
        ]
        indexes = [models.Index(fields=["organization", "status", "-id"], name="order_by_status")]

    def __str__(self) -> str:
        return f"#{self.pk}"

    @property
    def payable(self) -> Invoice:
        """The invoice by which it is paid: its own, or the one that this was taken into (BIL-2)."""
        return self.invoice.replaced_by or self.invoice


class OrderLine(OrganizationOwned):
    """What was ordered, with the product that it becomes; `unit_amount` is the plan's, without options."""

    order = models.ForeignKey(Order, on_delete=models.PROTECT, related_name="lines")
    plan = models.ForeignKey(Plan, on_delete=models.PROTECT, related_name="+")
    product = models.OneToOneField("products.Product", on_delete=models.PROTECT, related_name="+")
    months = models.PositiveSmallIntegerField()
    quantity = models.PositiveIntegerField()
    options = models.JSONField(default=dict, db_default={})
    unit_amount = models.BigIntegerField()

    def __str__(self) -> str:
        return f"{self.quantity} × {self.plan_id}"

    @property
    def is_here(self) -> bool:
        """Whether the product is still the organization's: one that was transferred is not."""
        try:
            return self.product.pk is not None
        except ObjectDoesNotExist:
            return False

    @property
    def name(self) -> str:
        """What the product is called; the plan's name once it has left the organization."""
        return self.product.name if self.is_here else self.plan.name
