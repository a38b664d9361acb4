"""Renewals: what is charged by itself, 14 days before expiry (BIL-10, BIL-11)."""

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateRangeField
from django.db import models
from django.db.models import Q

from billing.invoices.models import Invoice
from billing.payment_methods.models import PaymentMethod
from billing.profiles.models import BillingAddress
from billing.renewals.status import RenewalStatus
from manager.kit.database.calendar import on_no_day_twice
from organizations.tenancy.models import OrganizationOwned

RENEWED_ONCE = "renewal_no_day_twice"
"""The constraint by which no day of a product is renewed twice (BIL-16)."""


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

    # The database holds both to the invoice and its organization by one key, `renewal_of_invoice`.
    organization = models.ForeignKey(
        "organizations.Organization", on_delete=models.PROTECT, related_name="+", db_constraint=False
    )
    product = models.ForeignKey("products.Product", on_delete=models.PROTECT, related_name="+")
    period = DateRangeField()
    months = models.PositiveSmallIntegerField()
    status = models.CharField(max_length=10, choices=RenewalStatus.choices, default=RenewalStatus.PLANNED)
    invoice = models.ForeignKey(
        Invoice, on_delete=models.PROTECT, related_name="renewals", db_constraint=False
    )
    # Means are never deleted, and renewals are not looked for by them.
    method = models.ForeignKey(
        PaymentMethod, on_delete=models.PROTECT, related_name="+", null=True, db_index=False
    )
    next_attempt_on = models.DateField(null=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    lease_until = models.DateTimeField(null=True)
    created_at = models.DateTimeField()
    settled_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            ExclusionConstraint(
                name=RENEWED_ONCE,
                expressions=[on_no_day_twice("product", "period")],
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
