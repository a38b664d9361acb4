"""Endpoints of an organization, and the messages that go there (API-6)."""

import uuid
from datetime import datetime

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q

from manager.kit.fields import refuse_control_characters
from organizations.tenancy.models import OrganizationOwned
from organizations.webhooks.rules import LONGEST_ADDRESS
from organizations.webhooks.status import DisabledBy, EndpointStatus, MessageStatus


class WebhookEndpoint(OrganizationOwned):
    """An address that gets signed messages about the `events` that it has chosen.

    Both secrets are encrypted; the former one signs until `former_until`. `failing_since` is the first
    failure after the last success, `failures` how many there were since. Nothing is sent there before
    `free_at`: a worker has it then, or it rests after it has not answered.
    """

    url = models.CharField(max_length=LONGEST_ADDRESS)
    description = models.CharField(max_length=120, blank=True, validators=[refuse_control_characters])
    events = ArrayField(models.CharField(max_length=60))
    status = models.CharField(max_length=10, choices=EndpointStatus.choices, default=EndpointStatus.ENABLED)
    disabled_by = models.CharField(max_length=10, choices=DisabledBy.choices, blank=True)
    disabled_at = models.DateTimeField(null=True)
    secret = models.BinaryField(default=bytes)
    former_secret = models.BinaryField(default=bytes)
    former_until = models.DateTimeField(null=True)
    failing_since = models.DateTimeField(null=True)
    failures = models.PositiveIntegerField(default=0)
    delivered_at = models.DateTimeField(null=True)
    free_at = models.DateTimeField()
    created_at = models.DateTimeField()

    def __str__(self) -> str:
        return self.url


class WebhookMessage(OrganizationOwned):
    """One event for one endpoint: written once, sent until it is taken, at least once with the same `key`.

    `event_id` is the outbox's event, empty for a test. `body` is exactly what is signed and sent. `tries`
    since `begun_at`; `log` keeps what was sent and answered: instant, headers, status, answer, error,
    milliseconds.
    """

    endpoint = models.ForeignKey(WebhookEndpoint, on_delete=models.CASCADE, related_name="messages")
    key = models.UUIDField(unique=True, default=uuid.uuid4, editable=False)
    event = models.CharField(max_length=60)
    event_id = models.UUIDField(null=True)
    body = models.TextField()
    status = models.CharField(max_length=10, choices=MessageStatus.choices, default=MessageStatus.WAITING)
    created_at = models.DateTimeField()
    begun_at = models.DateTimeField()
    due_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    tries = models.PositiveIntegerField(default=0)
    fence = models.PositiveIntegerField(default=0)
    answered = models.PositiveIntegerField(null=True)
    log = models.JSONField(default=list)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["endpoint", "event_id"], name="webhook_message_once"),
        ]
        indexes = [
            models.Index(
                fields=["endpoint", "due_at"], condition=Q(status="waiting"), name="webhook_waiting"
            ),
            models.Index("endpoint", F("id").desc(), name="webhook_newest_first"),
            models.Index(fields=["created_at"], name="webhook_age"),
        ]

    def __str__(self) -> str:
        return f"{self.event} {self.key}"

    @property
    def next_try_at(self) -> datetime | None:
        """When it is tried next, None when it is not."""
        return self.due_at if self.status == MessageStatus.WAITING else None

    @property
    def message_id(self) -> str:
        """The `webhook-id`: the same at each try, by which a receiver knows what it has had."""
        return f"msg_{self.key.hex}"
