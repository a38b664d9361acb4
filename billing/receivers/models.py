"""Addresses outside of the members that get an organization's billing messages (ORG-11)."""

from django.contrib.postgres.fields import ArrayField
from django.db import models

from billing.receivers.status import Message, ReceiverStatus
from manager.kit.fields import refuse_control_characters
from organizations.tenancy.models import OrganizationOwned


class BillingReceiver(OrganizationOwned):
    """An accountant's office or an inbox that is scanned; it gets nothing before it has confirmed.

    `token_hash` belongs to the link of the mail that asks, until `expires_at`; `stop_hash` to the link in
    each message. A refused one that is removed stays with `removed_at`, so that nobody asks it again.
    """

    name = models.CharField(max_length=120, validators=[refuse_control_characters])
    email = models.EmailField()
    language = models.CharField(max_length=5)
    messages = ArrayField(models.CharField(max_length=12, choices=Message.choices))
    status = models.CharField(max_length=10, choices=ReceiverStatus.choices, default=ReceiverStatus.WAITING)
    token_hash = models.CharField(max_length=64, unique=True)
    stop_hash = models.CharField(max_length=64, unique=True)
    asked_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    confirmed_at = models.DateTimeField(null=True)
    removed_at = models.DateTimeField(null=True)
    created_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["organization", "email"], name="billing_receiver_once"),
        ]

    def __str__(self) -> str:
        return self.email
