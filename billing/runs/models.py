"""The reports of the engine's runs and the rows that they leave out, the operator's own."""

from datetime import datetime, timedelta

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from billing.runs.rules import SILENCE
from manager.kit.money import Money


class RunKind(models.TextChoices):
    """What a run does."""

    PLANNING = "planning", _("Planning")
    CHARGING = "charging", _("Charging")
    REMINDERS = "reminders", _("Reminders")
    REHEARSAL = "rehearsal", _("Rehearsal")


class Run(models.Model):
    """One run with what it did so far; one that did nothing leaves no row.

    `total` is how much there was to do, where that is known. `money` holds minor units by currency, `reasons`
    the number of failures by kind. `duration_ms` is measured up to the last count, or to the end.
    """

    kind = models.CharField(max_length=20, choices=RunKind)
    started_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    duration_ms = models.PositiveBigIntegerField(default=0)
    total = models.PositiveIntegerField(null=True)
    planned = models.PositiveIntegerField(default=0)
    charged = models.PositiveIntegerField(default=0)
    sent = models.PositiveIntegerField(default=0)
    checked = models.PositiveIntegerField(default=0)
    failed = models.PositiveIntegerField(default=0)
    skipped = models.PositiveIntegerField(default=0)
    money = models.JSONField(default=dict)
    reasons = models.JSONField(default=dict)
    error = models.TextField(blank=True)

    class Meta:
        permissions = [("follow_runs", "Follow the runs of the renewals and look after the quarantine")]
        constraints = [models.CheckConstraint(condition=Q(kind__in=RunKind.values), name="run_kind_known")]
        indexes = [
            models.Index(fields=["kind", "-id"], name="run_of_kind"),
            models.Index(fields=["started_at"], name="run_started"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.started_at:%Y-%m-%d %H:%M}"

    @property
    def duration(self) -> timedelta:
        """How long the run took, or has taken up to its last count."""
        return timedelta(milliseconds=self.duration_ms)

    @property
    def done(self) -> int:
        """How many rows the run has dealt with, whatever came of them."""
        return self.planned + self.charged + self.sent + self.checked + self.failed + self.skipped

    @property
    def percent(self) -> int | None:
        """How far the run is, 0 to 100; None where nobody knows how much there is to do."""
        return min(100, self.done * 100 // self.total) if self.total else None

    @property
    def amounts(self) -> list[Money]:
        """What was planned or charged, one amount for each currency."""
        return [Money(amount, currency) for currency, amount in sorted(self.money.items())]

    def state(self, at: datetime) -> str:
        """Return `failed`, `ended`, `running`, or `broken_off` for one that has been silent too long."""
        if self.error:
            return "failed"
        if self.ended_at is not None:
            return "ended"
        return "running" if at - (self.started_at + self.duration) <= SILENCE else "broken_off"


class QuarantineKind(models.TextChoices):
    """What a row is about: a product, an invoice to charge, an organization to tell, a draft to cancel."""

    PLAN = "plan", _("Planning a product")
    CHARGE = "charge", _("Charging an invoice")
    REMIND = "remind", _("Reminding an organization")
    TAKE_BACK = "take_back", _("Taking a renewal back")


class QuarantinedRow(models.Model):
    """A row on which a run failed; in quarantine once `quarantined_at` is set, until it is released.

    `failures` counts those since `first_failed_at`. One row for each subject: it is used again when the
    subject fails again after its release.
    """

    kind = models.CharField(max_length=20, choices=QuarantineKind)
    subject_id = models.BigIntegerField()
    organization_id = models.BigIntegerField(null=True)
    failures = models.PositiveIntegerField(default=1)
    first_failed_at = models.DateTimeField()
    last_failed_at = models.DateTimeField()
    last_error = models.TextField(blank=True)
    quarantined_at = models.DateTimeField(null=True)
    released_at = models.DateTimeField(null=True)
    released_by = models.CharField(max_length=200, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(kind__in=QuarantineKind.values), name="quarantined_row_kind_known"
            ),
            models.UniqueConstraint(fields=["kind", "subject_id"], name="quarantined_row_once"),
        ]
        indexes = [
            models.Index(
                fields=["kind", "subject_id"],
                condition=Q(quarantined_at__isnull=False, released_at=None),
                name="quarantined_row_waiting",
            )
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.subject_id}"
