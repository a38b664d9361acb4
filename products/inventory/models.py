"""A product: what an organization owns and what expires."""

from datetime import date, timedelta

from django.db import models
from django.db.models import Q

from organizations.tenancy.models import OrganizationOwned
from products.catalog.models import Plan
from products.inventory.status import ENDED, ProductStatus


class Product(OrganizationOwned):
    """A bought plan (PRD-7). `expires_on` is a date in the organization's zone: the first day not paid.

    `months` is the period by which it renews, `anchor_day` the day of the month at which its periods
    begin (so that month ends lose no day).
    """

    plan = models.ForeignKey(Plan, on_delete=models.PROTECT, related_name="products")
    family = models.SlugField()
    name = models.CharField(max_length=190)
    status = models.CharField(max_length=12, choices=ProductStatus.choices, default=ProductStatus.PENDING)
    months = models.PositiveSmallIntegerField()
    quantity = models.PositiveIntegerField(default=1)
    expires_on = models.DateField(null=True, blank=True)
    anchor_day = models.PositiveSmallIntegerField(null=True, blank=True)
    auto_renew = models.BooleanField(default=False)
    created_at = models.DateTimeField()
    activated_at = models.DateTimeField(null=True, blank=True)
    suspended_at = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(quantity__gte=1), name="product_quantity_positive"),
            models.CheckConstraint(
                condition=Q(status__in=["pending", *ENDED]) | Q(expires_on__isnull=False), name="product_has_expiry"
            ),
        ]
        indexes = [
            models.Index(fields=["organization", "expires_on", "id"], name="product_by_expiry"),
            models.Index(fields=["organization", "name", "id"], name="product_by_name"),
            models.Index(fields=["organization", "family", "expires_on"], name="product_by_family"),
            models.Index(
                fields=["expires_on", "organization"],
                condition=Q(auto_renew=True, status__in=["active", "suspended"]),
                name="product_to_renew",
            ),
            models.Index(
                fields=["expires_on"],
                condition=Q(status__in=["active", "suspended", "redemption"]),
                name="product_living",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def days_left(self, today: date) -> int | None:
        """Return the days from `today` to the expiry, negative once it has expired."""
        return (self.expires_on - today).days if self.expires_on else None

    def ends_on(self) -> date | None:
        """Return the day on which the unpaid product is terminated, after the plan's days of grace."""
        return self.expires_on + timedelta(days=self.plan.grace_days) if self.expires_on else None
