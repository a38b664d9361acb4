"""Keep the report of a run, and leave out what fails again and again (BIL-11)."""

import logging
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import datetime
from time import monotonic
from typing import Any, NamedTuple

from django.db import transaction
from django.db.models import F, Func, JSONField, Value
from django.db.models.functions import Greatest

from billing.runs.models import QuarantinedRow, QuarantineKind, Run
from billing.runs.rules import FAILURES, WITHIN
from manager.kit.actor import Actor
from manager.kit.scope import tenant_scope
from organizations.audit.services import record_audit

logger = logging.getLogger(__name__)

MOST_TEXT = 2000
COUNTED = (
    "organization_id",
    "failures",
    "first_failed_at",
    "last_failed_at",
    "last_error",
    "quarantined_at",
    "released_at",
    "released_by",
)
"""What of a row changes with each failure."""


class _Added(Func):
    """Two objects of whole numbers added key by key, in the database: two workers never lose a count."""

    template = (
        "(SELECT coalesce(jsonb_object_agg(key, amount), '{}'::jsonb) FROM ("
        "SELECT key, sum(value::bigint) AS amount FROM (SELECT * FROM jsonb_each_text(%(expressions)s)"
        ") AS both_sides GROUP BY key) AS added)"
    )
    arg_joiner = ") UNION ALL SELECT * FROM jsonb_each_text("
    output_field = JSONField()


def start_run(*, kind: str, total: int | None, at: datetime) -> Run:
    """Begin the report of a run; `total` is how many rows it has to do, where that is known."""
    return Run.objects.create(kind=kind, total=total, started_at=at)


def count(
    *,
    run: Run,
    planned: int = 0,
    charged: int = 0,
    sent: int = 0,
    checked: int = 0,
    failed: int = 0,
    skipped: int = 0,
    money: Mapping[str, int] | None = None,
    reasons: Mapping[str, int] | None = None,
    duration_ms: int | None = None,
) -> bool:
    """Add to the report what one batch did; one statement, so call it for each batch and not for each row.

    `money` holds minor units by currency, `reasons` the number of failures by kind, `duration_ms` the time
    since the start. Returns False where the report is gone (its transaction was rolled back).
    """
    numbers = {
        "planned": planned,
        "charged": charged,
        "sent": sent,
        "checked": checked,
        "failed": failed,
        "skipped": skipped,
    }
    changes: dict[str, Any] = {name: F(name) + number for name, number in numbers.items() if number}
    if money:
        changes["money"] = _Added(F("money"), Value(dict(money), JSONField()))
    if reasons:
        changes["reasons"] = _Added(F("reasons"), Value(dict(reasons), JSONField()))
    if duration_ms is not None:
        changes["duration_ms"] = Greatest(F("duration_ms"), Value(duration_ms))
    return bool(not changes or Run.objects.filter(pk=run.pk).update(**changes))


def finish_run(*, run: Run, at: datetime, error: str = "", duration_ms: int | None = None) -> None:
    """End the report; `error` is what stopped the run, where something did."""
    changes: dict[str, Any] = {"ended_at": at, "error": error[:MOST_TEXT]}
    if duration_ms is not None:
        changes["duration_ms"] = Greatest(F("duration_ms"), Value(duration_ms))
    Run.objects.filter(pk=run.pk).update(**changes)


class Recording:
    """A run being reported. The row is written with the first count: what did nothing leaves none."""

    def __init__(self, kind: str, at: datetime, total: int | None = None) -> None:
        self.kind, self.at, self.total = kind, at, total
        self.run: Run | None = None
        self._began = monotonic()

    @property
    def elapsed_ms(self) -> int:
        """How long the run has taken so far, in milliseconds."""
        return round((monotonic() - self._began) * 1000)

    def count(self, **numbers: Any) -> None:
        """Add what a batch did (see `count`). Call it after the batch was committed, once for each batch."""
        if not any(numbers.values()):
            return
        if self.run is None or not count(run=self.run, duration_ms=self.elapsed_ms, **numbers):
            self.run = start_run(kind=self.kind, total=self.total, at=self.at)
            count(run=self.run, duration_ms=self.elapsed_ms, **numbers)

    def finish(self, error: str = "") -> None:
        """End the report, where there is one; a run that failed before its first count has one too."""
        if self.run is None and error:
            self.run = start_run(kind=self.kind, total=self.total, at=self.at)
        if self.run is not None:
            finish_run(run=self.run, at=self.at, error=error, duration_ms=self.elapsed_ms)


@contextmanager
def recording(*, kind: str, at: datetime, total: int | None = None) -> Iterator[Recording]:
    """Report what is done within: `run.count(planned=500)` after each batch.

    Outside of any transaction. What stops the run is kept in the report and raised again.
    """
    run = Recording(kind, at, total)
    try:
        yield run
    except Exception as error:
        run.finish(f"{type(error).__name__}: {error}")
        raise
    run.finish()


class Failure(NamedTuple):
    """A row on which a run failed: its id, whose it is, and why."""

    subject_id: int
    organization_id: int | None
    error: BaseException | str

    @property
    def text(self) -> str:
        """What staff read."""
        error = self.error
        return (error if isinstance(error, str) else f"{type(error).__name__}: {error}")[:MOST_TEXT]


def note_failure(
    *, kind: str, subject_id: int, organization_id: int | None, error: BaseException | str, at: datetime
) -> bool:
    """Count a failure of one row and return whether it is in quarantine now: the third within a day.

    Call it outside of the transaction that failed, or after the rollback to its savepoint.
    """
    failure = Failure(subject_id, organization_id, error)
    return subject_id in note_failures(kind=kind, failures=[failure], at=at)


def note_failures(*, kind: str, failures: Sequence[Failure], at: datetime) -> set[int]:
    """Count failures of different rows, as `note_failure`; return the ids of those in quarantine now."""
    if not failures:
        return set()
    by_subject = {failure.subject_id: failure for failure in failures}
    rows = QuarantinedRow.objects.using("system")
    with transaction.atomic(using="system"):
        rows.bulk_create(
            [
                QuarantinedRow(
                    kind=QuarantineKind(kind),
                    subject_id=subject_id,
                    failures=0,
                    first_failed_at=at,
                    last_failed_at=at,
                )
                for subject_id in sorted(by_subject)
            ],
            ignore_conflicts=True,
        )
        found = list(
            rows.select_for_update().filter(kind=kind, subject_id__in=by_subject).order_by("subject_id")
        )
        for row in found:
            _count_again(row, by_subject[row.subject_id], at)
        rows.bulk_create(found, update_conflicts=True, unique_fields=["id"], update_fields=COUNTED)
    return {row.subject_id for row in found if row.quarantined_at is not None}


def _count_again(row: QuarantinedRow, failure: Failure, at: datetime) -> None:
    """Count one more failure; the count begins anew after a release, and after a quiet day."""
    if row.released_at is not None or (row.quarantined_at is None and at - row.first_failed_at > WITHIN):
        row.failures, row.first_failed_at = 0, at
        row.quarantined_at = row.released_at = None
        row.released_by = ""
    row.failures += 1
    row.organization_id, row.last_error, row.last_failed_at = failure.organization_id, failure.text, at
    if row.failures >= FAILURES and row.quarantined_at is None:
        row.quarantined_at = at
        logger.error("%s %s is in quarantine: %s", row.kind, row.subject_id, failure.text)


def release(*, row: QuarantinedRow, actor: Actor, at: datetime) -> bool:
    """Let a row in quarantine be tried again by the next run; False where it is not in quarantine.

    Kept in the organization's audit log and in the row (ORG-16).
    """
    # Of an organization in its own scope, so that the row and its audit event are one transaction.
    alias = "default" if row.organization_id else "system"
    with tenant_scope(row.organization_id or 0), transaction.atomic(using=alias):
        waiting = (
            QuarantinedRow.objects.using(alias)
            .filter(pk=row.pk, quarantined_at__isnull=False, released_at=None)
            .update(released_at=at, released_by=actor.name[:200])
        )
        if waiting and row.organization_id is not None:
            record_audit(
                organization_id=row.organization_id,
                name="quarantine.released",
                actor=actor,
                at=at,
                subject=row,
                kind=row.kind,
                error=row.last_error[:200],
            )
    return bool(waiting)


def release_rows(*, row_ids: Sequence[int], actor: Actor, at: datetime) -> int:
    """Let several rows be tried again; return how many were in quarantine."""
    rows = QuarantinedRow.objects.using("system").filter(pk__in=row_ids).order_by("pk")
    return sum(release(row=row, actor=actor, at=at) for row in rows)


def forget_runs(*, before: datetime) -> int:
    """Remove the reports of runs that started before an instant; return how many."""
    removed, _by_model = Run.objects.filter(started_at__lt=before).delete()
    return removed
