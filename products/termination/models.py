"""Wishes to terminate products; nothing ends before the mailed link is used (PRD-9)."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from organizations.tenancy.models import OrganizationOwned
from products.termination.status import Reason, TerminationStatus


class Termination(OrganizationOwned):
    """A wish to terminate one product or many, confirmed by one link; of its secret the hash is stored."""

    status = models.CharField(
        max_length=10, choices=TerminationStatus.choices, default=TerminationStatus.ASKED
    )
    reason = models.CharField(max_length=12, choices=Reason.choices)
    comment = models.CharField(max_length=500, blank=True)
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    token_hash = models.CharField(max_length=64, unique=True)
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    answered_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [
            models.Index(fields=["organization", "-id"], name="termination_newest_first"),
            models.Index(fields=["expires_at"], condition=Q(status="asked"), name="termination_to_expire"),
        ]

    def __str__(self) -> str:
        return f"termination {self.pk}"


class TerminatedProduct(OrganizationOwned):
    """A product in a wish. `is_open` while the wish waits: a product stands in one open wish at most.

    `ended` says whether it ended with the confirmation; one that had gone or ended before did not.
    """

    termination = models.ForeignKey(Termination, on_delete=models.PROTECT, related_name="products")
    product = models.ForeignKey("products.Product", on_delete=models.PROTECT, related_name="+")
    product_name = models.CharField(max_length=190)
    is_open = models.BooleanField(default=True)
    ended = models.BooleanField(default=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["product"], condition=Q(is_open=True), name="termination_one_open"
            ),
            models.UniqueConstraint(fields=["termination", "product"], name="termination_product_once"),
        ]

    def __str__(self) -> str:
        return self.product_name
