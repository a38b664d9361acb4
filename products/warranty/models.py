"""Domains under Renewal Warranty that expired unpaid, and the tries to reach their owners (PRD-12)."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from organizations.tenancy.models import OrganizationOwned
from products.warranty.status import CaseStatus, Means, Outcome


class WarrantyCase(OrganizationOwned):
    """One domain and one expiry: opened when it was suspended unpaid, closed when it is renewed or has ended.

    `renew_on` is the day on which the operator renews it at its own risk unless the owner did before.
    """

    product = models.ForeignKey("products.Product", on_delete=models.PROTECT, related_name="+")
    product_name = models.CharField(max_length=190)
    expired_on = models.DateField()
    renew_on = models.DateField()
    status = models.CharField(max_length=8, choices=CaseStatus.choices, default=CaseStatus.OPEN)
    last_error = models.CharField(max_length=250, blank=True)
    opened_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["product", "expired_on"], name="warranty_once_per_expiry")
        ]
        indexes = [
            models.Index(fields=["status", "renew_on", "id"], name="warranty_by_day"),
            models.Index(fields=["renew_on"], condition=Q(status="open"), name="warranty_to_renew"),
        ]

    def __str__(self) -> str:
        return f"warranty of {self.product_name}"


class ContactTask(OrganizationOwned):
    """One way to reach the owner, for the operator's staff: by mail, SMS, phone or letter."""

    case = models.ForeignKey(WarrantyCase, on_delete=models.PROTECT, related_name="contacts")
    means = models.CharField(max_length=6, choices=Means.choices)
    due_on = models.DateField()
    outcome = models.CharField(max_length=10, choices=Outcome.choices, blank=True)
    note = models.CharField(max_length=500, blank=True)
    done_at = models.DateTimeField(null=True)
    done_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", null=True
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["case", "means"], name="contact_once_per_means"),
            models.CheckConstraint(
                condition=(Q(done_at=None) & Q(outcome="")) | (Q(done_at__isnull=False) & ~Q(outcome="")),
                name="contact_done_with_outcome",
            ),
        ]
        permissions = [("renewal_warranty", "Look after domains under Renewal Warranty")]

    def __str__(self) -> str:
        return f"{self.means} of case {self.case_id}"
