"""What was asked under a key, and the answer to it."""

from typing import ClassVar

from django.conf import settings
from django.db import models


class SentRequest(models.Model):
    """A request of a program under an `Idempotency-Key`, and its answer once there is one (API-5).

    A key is the person's, within what the token reaches: `bound_organization_id`, 0 for all of the person's
    organizations. `digest` is of method, path and body. While `status` is null the request runs, until
    `lease_until` at the latest; `fence` tells the one that runs from one that ran out of time. `has_written`
    is set by each transaction of the request that writes: what died later is not carried out again. Answers
    may hold secrets: they are encrypted.
    """

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="sent_requests")
    bound_organization_id = models.BigIntegerField()
    key = models.CharField(max_length=255)
    digest = models.CharField(max_length=64)
    fence = models.IntegerField(default=1)
    created_at = models.DateTimeField(db_index=True)
    lease_until = models.DateTimeField()
    has_written = models.BooleanField(default=False, db_default=False)
    status = models.SmallIntegerField(null=True)
    answer = models.BinaryField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["user", "bound_organization_id", "key"], name="sent_request_once"
            ),
            models.CheckConstraint(
                name="sent_request_answered",
                condition=models.Q(status=None, answer=None)
                | models.Q(status__isnull=False, answer__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return self.key
