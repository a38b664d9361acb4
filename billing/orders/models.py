"""Carts and orders (PRD-3, PRD-4)."""

import pgtrigger
from django.core.exceptions import ObjectDoesNotExist
from django.db import models
from django.db.models import Q

from billing.invoices.models import Invoice
from billing.orders.status import TRANSITIONS, OrderStatus
from billing.promotions.models import FreeCredit
from organizations.tenancy.models import OrganizationOwned
from products.catalog.models import Plan


class CartLine(OrganizationOwned):
    """A plan in the organization's cart, with its options: units by slug. Prices are read when shown.

    With `is_trial` it begins with the plan's free months; `months` is then the period that follows.
    `visitor_key` names the line of a visitor's cart that it came from, so that it comes once. `setup` is what
    was chosen for the first setting up, such as the system of a server.
    """

    plan = models.ForeignKey(Plan, on_delete=models.CASCADE, related_name="+")
    months = models.PositiveSmallIntegerField()
    quantity = models.PositiveIntegerField(default=1)
    options = models.JSONField(default=dict, db_default={})
    setup = models.JSONField(default=dict, db_default={})
    name = models.CharField(max_length=190, blank=True)
    is_trial = models.BooleanField(default=False, db_default=False)
    visitor_key = models.CharField(max_length=32, blank=True, default="", db_default="")
    free_credit = models.ForeignKey(FreeCredit, on_delete=models.SET_NULL, related_name="+", null=True)
    created_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["free_credit"], name="cart_free_credit_once"),
            models.CheckConstraint(
                condition=Q(quantity__gte=1, quantity__lte=100), name="cart_quantity_sane"
            ),
            models.UniqueConstraint(
                fields=["organization", "visitor_key"],
                condition=~Q(visitor_key=""),
                name="cart_line_taken_over_once",
            ),
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
    # When an unpaid order is cancelled by itself, and when its person was told so (PRD-4).
    expires_at = models.DateTimeField(null=True)
    reminded_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["organization", "confirmation_key"], name="order_once")
        ]
        indexes = [
            models.Index(fields=["organization", "status", "-id"], name="order_by_status"),
            models.Index(fields=["expires_at"], condition=Q(status="pending"), name="order_to_expire"),
        ]
        triggers = [
            pgtrigger.FSM(
                name="follows_the_table",
                field="status",
                transitions=[
                    (str(old), str(new)) for old, steps in TRANSITIONS.items() for new in sorted(steps)
                ],
            )
        ]

    def __str__(self) -> str:
        return f"#{self.pk}"

    @property
    def payable(self) -> Invoice:
        """The invoice by which it is paid: its own, or the one that this was taken into (BIL-2)."""
        return self.invoice.replaced_by or self.invoice


class OrderLine(OrganizationOwned):
    """What was ordered, with the product that it becomes; `unit_amount` is the plan's, without options.

    Of a trial, `months` is the period by which it renews afterwards, and `unit_amount` is 0.
    """

    order = models.ForeignKey(Order, on_delete=models.PROTECT, related_name="lines")
    plan = models.ForeignKey(Plan, on_delete=models.PROTECT, related_name="+")
    product = models.OneToOneField("products.Product", on_delete=models.PROTECT, related_name="+")
    months = models.PositiveSmallIntegerField()
    quantity = models.PositiveIntegerField()
    options = models.JSONField(default=dict, db_default={})
    unit_amount = models.BigIntegerField()
    is_trial = models.BooleanField(default=False, db_default=False)

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


class Trial(OrganizationOwned):
    """A kind of product that the organization has tried, or is about to: once, and once for each person.

    The database holds both, across organizations. An order that is cancelled gives its trial back.
    """

    kind = models.SlugField()
    person_id = models.BigIntegerField(null=True)
    order = models.ForeignKey(Order, on_delete=models.PROTECT, related_name="trials")
    created_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["organization", "kind"], name="trial_once_per_organization"),
            models.UniqueConstraint(fields=["person_id", "kind"], name="trial_once_per_person"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} of {self.organization_id}"
