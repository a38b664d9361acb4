"""Reservations: a part of an invoice's price that is here before the rest (BIL-3, BIL-16)."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from billing.invoices.models import Invoice
from manager.kit.fields import CURRENCIES
from manager.kit.money import Money
from organizations.tenancy.models import OrganizationOwned


class ReservationSource(models.TextChoices):
    """Where the money that is set aside came from."""

    PREPAID = "prepaid", _("Prepaid account")
    TRANSFER = "transfer", _("Bank transfer")


class Reservation(OrganizationOwned):
    """Money set aside for one invoice: open until it is captured (it paid) or released (it is balance again).

    `attempt_id` is the payment that charges the rest, none for a transfer. `key` makes one reservation of one
    wish. The database keeps all but the two ends, lets one end happen once, and lets the open ones of an
    invoice never be more than its total.
    """

    invoice = models.ForeignKey(Invoice, on_delete=models.PROTECT, related_name="reservations")
    attempt_id = models.BigIntegerField(null=True)
    source = models.CharField(max_length=8, choices=ReservationSource.choices)
    amount = models.BigIntegerField()
    currency = models.CharField(max_length=3, choices=CURRENCIES)
    key = models.CharField(max_length=120)
    created_at = models.DateTimeField()
    captured_at = models.DateTimeField(null=True)
    released_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["organization", "key"], name="reservation_once_per_key"),
            models.CheckConstraint(condition=Q(amount__gt=0), name="reservation_amount_positive"),
            models.CheckConstraint(
                condition=Q(captured_at=None) | Q(released_at=None), name="reservation_ends_once"
            ),
        ]
        indexes = [
            models.Index(
                fields=["invoice"],
                condition=Q(captured_at=None, released_at=None),
                name="reservation_open",
            )
        ]

    def __str__(self) -> str:
        return f"{self.money} for invoice {self.invoice_id}"

    @property
    def money(self) -> Money:
        """What is set aside."""
        return Money(self.amount, self.currency)
