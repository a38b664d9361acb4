"""Renewals: what is charged by itself, 14 days before expiry (BIL-10, BIL-11)."""

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateRangeField, RangeOperators
from django.db import models
from django.db.models import Q

from billing.invoices.models import Invoice
from billing.payment_methods.models import PaymentMethod
from billing.profiles.models import BillingAddress
from billing.renewals.status import RenewalStatus
from organizations.tenancy.models import OrganizationOwned


class RenewalPreference(OrganizationOwned):
    """The means and the billing address fixed for one product; absent: the organization's defaults."""

    product = models.OneToOneField("products.Product", on_delete=models.PROTECT, related_name="+")
    method = models.ForeignKey(PaymentMethod, on_delete=models.PROTECT, related_name="+", null=True)
    address = models.ForeignKey(BillingAddress, on_delete=models.PROTECT, related_name="+", null=True)

    def __str__(self) -> str:
        return f"preference of product {self.product_id}"


class Renewal(OrganizationOwned):
    """One period of one product, renewed by itself. Periods of a product cannot overlap (BIL-16).

    `lease_until`: so long no other worker charges its invoice; stands in the first due row of an invoice.
    """

    product = models.ForeignKey("products.Product", on_delete=models.PROTECT, related_name="+")
    period = DateRangeField()
    months = models.PositiveSmallIntegerField()
    status = models.CharField(max_length=10, choices=RenewalStatus.choices, default=RenewalStatus.PLANNED)
    invoice = models.ForeignKey(Invoice, on_delete=models.PROTECT, related_name="renewals")
    method = models.ForeignKey(PaymentMethod, on_delete=models.PROTECT, related_name="+", null=True)
    next_attempt_on = models.DateField(null=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    lease_until = models.DateTimeField(null=True)
    created_at = models.DateTimeField()
    settled_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            ExclusionConstraint(
                name="renewal_no_day_twice",
                expressions=[("product", RangeOperators.EQUAL), ("period", RangeOperators.OVERLAPS)],
                condition=~Q(status="cancelled"),
            )
        ]
        indexes = [
            models.Index(
                fields=["next_attempt_on"],
                condition=Q(status__in=["planned", "failed"]),
                name="renewal_to_charge",
            )
        ]

    def __str__(self) -> str:
        return f"renewal of product {self.product_id}"


class Reminder(OrganizationOwned):
    """A mail about products that expire, one per organization and day (BIL-12)."""

    on = models.DateField()
    products = models.JSONField()
    created_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["organization", "on"], name="reminder_once_a_day")]

    def __str__(self) -> str:
        return f"reminder of {self.on}"


class ReminderRound(models.Model):
    """Until when everybody was reminded, the operator's: from it, days without a worker are seen (BIL-12)."""

    reminded_at = models.DateTimeField()

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(pk=1), name="reminder_round_one")]

    def __str__(self) -> str:
        return f"reminded until {self.reminded_at}"
