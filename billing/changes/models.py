"""Changes of a product's offer: what was quoted, to the cent, and what became of it (PRD-10, PRD-14)."""

from django.db import models
from django.db.models import Q

from billing.changes.status import ChangeStatus
from billing.invoices.models import Invoice
from manager.kit.fields import CURRENCIES
from manager.kit.money import Money
from organizations.tenancy.models import OrganizationOwned
from products.catalog.models import Plan


class ChangeQuote(OrganizationOwned):
    """A change of plan, period, quantity or options from the day `on`, as it was quoted at an instant.

    `before` is the offer that it was computed for: with another one it does not hold any more. `charges`
    are what is wanted for the paid days to come, `set_off` what of the paid pays for it, `surplus` what is
    left over and becomes balance; each with net, and what was paid with its VAT. Either `due_amount` or
    `surplus_amount` is above zero, with VAT. The database lets nothing of this be changed.
    """

    product = models.ForeignKey("products.Product", on_delete=models.PROTECT, related_name="+")
    status = models.CharField(max_length=10, choices=ChangeStatus.choices, default=ChangeStatus.QUOTED)
    on = models.DateField()
    plan = models.ForeignKey(Plan, on_delete=models.PROTECT, related_name="+")
    months = models.PositiveSmallIntegerField()
    quantity = models.PositiveIntegerField()
    options = models.JSONField(default=dict)
    before = models.JSONField()
    currency = models.CharField(max_length=3, choices=CURRENCIES)
    charges = models.JSONField(default=list)
    set_off = models.JSONField(default=list)
    surplus = models.JSONField(default=list)
    due_amount = models.BigIntegerField()
    surplus_amount = models.BigIntegerField()
    invoice = models.OneToOneField(Invoice, on_delete=models.PROTECT, related_name="change", null=True)
    created_at = models.DateTimeField()
    valid_until = models.DateTimeField()
    accepted_at = models.DateTimeField(null=True)
    settled_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(due_amount=0, surplus_amount__gte=0) | Q(due_amount__gte=0, surplus_amount=0),
                name="change_due_or_surplus",
            ),
            models.UniqueConstraint(
                fields=["product"], condition=Q(status="accepted"), name="change_one_waiting"
            ),
        ]
        indexes = [
            models.Index(fields=["status", "valid_until"], name="change_to_end"),
            models.Index(fields=["product", "-id"], name="change_of_product"),
        ]

    def __str__(self) -> str:
        return f"change of product {self.product_id}"

    @property
    def due(self) -> Money:
        """What is to be paid for the change, VAT included."""
        return Money(self.due_amount, self.currency)

    @property
    def left_over(self) -> Money:
        """What becomes balance of the prepaid account, VAT included."""
        return Money(self.surplus_amount, self.currency)
