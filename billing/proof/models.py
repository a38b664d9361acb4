"""The proofs of the ledger, the operator's own: each run with what it compared and what did not agree."""

from datetime import timedelta

from django.db import models
from django.db.models import Q


class LedgerProof(models.Model):
    """One run over the whole ledger. `day` is the UTC day of a nightly one, empty where somebody asked.

    `figures` counts what was compared, `findings` are the first that did not agree, `found` is how many did
    not. A run that has not ended is taken up by the next drain.
    """

    day = models.DateField(null=True, unique=True)
    asked_by = models.BigIntegerField(null=True)
    asked_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    duration_ms = models.PositiveIntegerField(null=True)
    figures = models.JSONField(default=dict)
    findings = models.JSONField(default=list)
    found = models.PositiveIntegerField(default=0)

    class Meta:
        permissions = [("prove_ledger", "See and prove the ledger")]
        constraints = [
            models.CheckConstraint(
                condition=Q(ended_at=None) | Q(duration_ms__isnull=False), name="proof_ended_is_measured"
            )
        ]
        indexes = [models.Index(fields=["-id"], condition=Q(ended_at=None), name="proof_waiting")]

    def __str__(self) -> str:
        return f"{self.asked_at:%Y-%m-%d %H:%M}"

    @property
    def is_clean(self) -> bool:
        """Whether the run has ended and all agreed."""
        return self.ended_at is not None and not self.found

    @property
    def duration(self) -> timedelta | None:
        """How long the run took, None while it has not ended."""
        return None if self.duration_ms is None else timedelta(milliseconds=self.duration_ms)
