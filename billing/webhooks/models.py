"""Messages of payment providers, each kept once."""

from django.db import models


class ProviderEvent(models.Model):
    """A verified message; its provider's id is the key, so that a repeated one is known (INC-23)."""

    gateway = models.SlugField()
    reference = models.CharField(max_length=120)
    kind = models.CharField(max_length=60)
    payload = models.JSONField()
    received_at = models.DateTimeField()
    handled_at = models.DateTimeField(null=True)
    last_error = models.TextField(blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["gateway", "reference"], name="provider_event_once")]

    def __str__(self) -> str:
        return self.reference
