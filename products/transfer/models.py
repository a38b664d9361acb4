"""Offers to transfer a product to another organization."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from organizations.tenancy.models import OrganizationOwned
from products.transfer.status import TransferStatus


class Transfer(OrganizationOwned):
    """An offer of one organization (`organization`); the other one is `recipient_id`, once it is known.

    It is found by the secret of its link, of which only the hash is stored. `recipient_name` and
    `product_name` are what they were called; the other organization's rows are not ours to read.
    """

    product = models.ForeignKey("products.Product", on_delete=models.PROTECT, related_name="+")
    product_name = models.CharField(max_length=190)
    status = models.CharField(max_length=10, choices=TransferStatus.choices, default=TransferStatus.OFFERED)
    recipient_id = models.BigIntegerField(null=True)
    recipient_name = models.CharField(max_length=120, blank=True)
    token_hash = models.CharField(max_length=64, unique=True)
    offered_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    answered_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["product"], condition=Q(status="offered"), name="transfer_one_open"
            )
        ]
        indexes = [
            models.Index(fields=["organization", "-id"], name="transfer_newest_first"),
            models.Index(fields=["expires_at"], condition=Q(status="offered"), name="transfer_to_expire"),
        ]

    def __str__(self) -> str:
        return self.product_name
