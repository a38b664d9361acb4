"""Messages of payment providers, each kept once."""

from django.db import models
from django.db.models import Q


class ProviderEvent(models.Model):
    """A verified message; its provider's id is the key, so that a repeated one is known (INC-23).

    `payload` holds only what leads to the row it speaks of (`organization`, `attempt`, ids): the provider is
    asked for the current object anyway. `is_swept` tells that it never arrived and was found in the
    provider's list.
    """

    gateway = models.SlugField()
    reference = models.CharField(max_length=120)
    kind = models.CharField(max_length=60)
    payload = models.JSONField()
    received_at = models.DateTimeField()
    due_at = models.DateTimeField()
    attempts = models.PositiveIntegerField(default=0)
    handled_at = models.DateTimeField(null=True)
    quarantined_at = models.DateTimeField(null=True)
    last_error = models.TextField(blank=True)
    is_swept = models.BooleanField(default=False, db_default=False)

    class Meta:
        permissions = [("mend_events", "Look after messages of payment providers")]
        constraints = [models.UniqueConstraint(fields=["gateway", "reference"], name="provider_event_once")]
        indexes = [
            models.Index(
                fields=["due_at"],
                condition=Q(handled_at=None, quarantined_at=None),
                name="provider_event_waiting",
            )
        ]

    def __str__(self) -> str:
        return self.reference


class EventSweep(models.Model):
    """How far the provider's list of events was read: all up to `seen_until` are stored."""

    gateway = models.SlugField(unique=True)
    seen_until = models.DateTimeField()
    due_at = models.DateTimeField()
    last_error = models.CharField(max_length=200, blank=True)

    def __str__(self) -> str:
        return self.gateway
