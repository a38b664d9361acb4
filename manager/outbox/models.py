"""Events, their deliveries, and the mails and text messages that follow, all as rows that survive a crash."""

import uuid

from django.db import models
from django.db.models import Q


class OutboxEvent(models.Model):
    """A fact, stored in the transaction of the change that caused it.

    `organization_id` is 0 for facts about a person alone. The id is made by us, so that inserting
    needs no right to read.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    name = models.CharField(max_length=60)
    organization_id = models.BigIntegerField(default=0)
    payload = models.JSONField()
    created_at = models.DateTimeField()
    relayed_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [models.Index(fields=["created_at"], condition=Q(relayed_at=None), name="outbox_to_relay")]

    def __str__(self) -> str:
        return f"{self.name} {self.id}"


class Delivery(models.Model):
    """One handler's share of an event: done exactly once, however often it is tried.

    The handler runs under this row's lock and in one transaction with its done mark, so a killed
    worker leaves either everything or nothing.
    """

    event = models.ForeignKey(OutboxEvent, on_delete=models.CASCADE, related_name="deliveries")
    handler = models.CharField(max_length=120)
    organization_id = models.BigIntegerField(default=0)
    attempts = models.PositiveIntegerField(default=0)
    due_at = models.DateTimeField()
    done_at = models.DateTimeField(null=True)
    quarantined_at = models.DateTimeField(null=True)
    last_error = models.TextField(blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["event", "handler"], name="delivery_once_per_handler")]
        indexes = [
            models.Index(
                fields=["due_at"], condition=Q(done_at=None, quarantined_at=None), name="delivery_waiting"
            )
        ]

    def __str__(self) -> str:
        return f"{self.handler} of {self.event_id}"


class Outgoing(models.Model):
    """What waits to be handed to a provider, or was; `dedupe_key` makes each one row, whatever repeats."""

    dedupe_key = models.CharField(max_length=200, unique=True)
    organization_id = models.BigIntegerField(default=0)
    created_at = models.DateTimeField()
    due_at = models.DateTimeField()
    attempts = models.PositiveIntegerField(default=0)
    fence = models.PositiveIntegerField(default=0)
    sent_at = models.DateTimeField(null=True)
    quarantined_at = models.DateTimeField(null=True)
    last_error = models.TextField(blank=True)

    class Meta:
        abstract = True


def _index_of_waiting(name: str) -> models.Index:
    return models.Index(fields=["due_at"], condition=Q(sent_at=None, quarantined_at=None), name=name)


class OutgoingMail(Outgoing):
    """A rendered mail, waiting or sent."""

    recipient = models.EmailField(max_length=254)
    language = models.CharField(max_length=5)
    template = models.CharField(max_length=60)
    subject = models.CharField(max_length=250)
    text = models.TextField()
    html = models.TextField()
    attachments = models.JSONField(default=list)

    class Meta:
        indexes = [_index_of_waiting("mail_waiting")]

    def __str__(self) -> str:
        return f"{self.template} to {self.recipient}"


class OutgoingSms(Outgoing):
    """A text message, waiting or sent. Its text may hold a code: it is forgotten when sent or given up."""

    recipient = models.CharField(max_length=16)
    text = models.TextField(blank=True)
    useless_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [_index_of_waiting("sms_waiting")]

    def __str__(self) -> str:
        return f"SMS {self.pk}"
