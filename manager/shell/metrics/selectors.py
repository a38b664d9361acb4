"""What is measured of the installation: ages of queues in seconds, and counts; no customer's data."""

from datetime import UTC, datetime, time, timedelta
from typing import Any

from django.db.models import Count, Min, QuerySet
from redis.exceptions import RedisError

from billing.invoices.status import PAYABLE
from billing.payments.models import PaymentAttempt
from billing.payments.status import AttemptStatus
from billing.renewals.models import Renewal
from billing.renewals.status import OPEN
from billing.runs.models import RunKind
from billing.runs.selectors import count_quarantined, list_last_runs
from billing.webhooks.selectors import count_quarantined as count_messages
from manager.kit.due import is_due
from manager.outbox.models import Delivery, OutboxEvent, OutgoingMail, OutgoingSms
from manager.shell.heartbeat import last_beat
from manager.shell.metrics.exposition import Metric
from products.provisioning.models import Service
from products.provisioning.selectors import count_quarantined as count_services


def measure(*, at: datetime) -> list[Metric]:
    """Return all metrics as of `at`; each is one query that an index answers, whatever the size."""
    return [
        *_charges(at),
        *_attempts(at),
        *_queues(at),
        _quarantine(),
        *_runs(),
        *_redis(at),
    ]


def _age(since: datetime | None, at: datetime, missing: int = 0) -> int:
    """Return whole seconds from `since` to `at`, at least 0."""
    return missing if since is None else max(0, int((at - since) / timedelta(seconds=1)))


def _redis(at: datetime) -> list[Metric]:
    """Return whether Redis answers, and since when the beat, whose sign of life lies there, has not run."""
    is_up, beat = True, None
    try:
        beat = last_beat()
    except RedisError:
        is_up = False
    return [
        Metric("manager_redis_up", "1 where Redis answers; without it nobody signs in or pays.").set(
            int(is_up)
        ),
        Metric(
            "manager_beat_age_seconds", "Time since the beat's last tick; -1 when it never ran or none knows."
        ).set(_age(beat, at, missing=-1)),
    ]


def _charges(at: datetime) -> list[Metric]:
    due = Renewal.objects.using("system").filter(
        status__in=OPEN, next_attempt_on__lte=at.date(), invoice__status__in=PAYABLE
    )
    found: dict[str, Any] = due.aggregate(
        oldest=Min("next_attempt_on"), count=Count("invoice", distinct=True)
    )
    since = datetime.combine(found["oldest"], time.min, UTC) if found["oldest"] else None
    return [
        Metric("manager_due_charges", "Invoices whose day of charging has come.").set(found["count"]),
        Metric(
            "manager_oldest_due_charge_seconds",
            "Time since the day (UTC) began on which the oldest of them was due; 0 without any.",
        ).set(_age(since, at)),
    ]


def _attempts(at: datetime) -> list[Metric]:
    unknown = PaymentAttempt.objects.using("system").filter(status=AttemptStatus.UNKNOWN)
    found = unknown.aggregate(oldest=Min("created_at"), count=Count("pk"))
    return [
        Metric("manager_unknown_attempts", "Payments whose answer was lost and is asked for.").set(
            found["count"]
        ),
        Metric("manager_oldest_unknown_attempt_seconds", "Age of the oldest of them; 0 without any.").set(
            _age(found["oldest"], at)
        ),
    ]


def _queues(at: datetime) -> list[Metric]:
    """Return how much waits in each queue and since when the oldest could have been done."""
    waiting = Metric("manager_queue_waiting", "Rows that are due in a queue.")
    oldest = Metric("manager_queue_oldest_seconds", "Time since the oldest row of a queue became due.")
    open_ = {"done_at": None, "quarantined_at": None}
    unsent = {"sent_at": None, "quarantined_at": None}
    due = is_due("due_at", at)
    queues: dict[str, tuple[QuerySet[Any], str]] = {
        "outbox": (OutboxEvent.objects.filter(relayed_at=None), "created_at"),
        "deliveries": (Delivery.objects.filter(due, **open_), "due_at"),
        "mails": (OutgoingMail.objects.filter(due, **unsent), "due_at"),
        "sms": (OutgoingSms.objects.filter(due, **unsent), "due_at"),
        "provisioning": (Service.objects.using("system").filter(due, quarantined_at=None), "due_at"),
    }
    for name, (rows, since) in queues.items():
        found = rows.aggregate(oldest=Min(since), count=Count("pk"))
        waiting.set(found["count"], queue=name)
        oldest.set(_age(found["oldest"], at), queue=name)
    return [waiting, oldest]


def _quarantine() -> Metric:
    sizes = Metric("manager_quarantine_rows", "What failed again and again and waits for staff.")
    for kind, count in count_quarantined().items():
        sizes.set(count, kind=kind)
    stuck = {"quarantined_at__isnull": False}
    sizes.set(count_messages(), kind="provider_messages")
    sizes.set(count_services(), kind="provisioning")
    sizes.set(Delivery.objects.filter(done_at=None, **stuck).count(), kind="deliveries")
    sizes.set(OutgoingMail.objects.filter(sent_at=None, **stuck).count(), kind="mails")
    return sizes


def _runs() -> list[Metric]:
    """Return of the latest run of each kind when it started and ended, how long it took and what it did."""
    started = Metric("manager_run_started_timestamp_seconds", "When the latest run of a kind started.")
    ended = Metric("manager_run_ended_timestamp_seconds", "When it ended; 0 while it has not.")
    duration = Metric("manager_run_duration_milliseconds", "How long it took, up to its last count.")
    is_failed = Metric("manager_run_failed", "1 where something stopped the latest run of a kind.")
    rows = Metric("manager_run_rows", "What the latest run of a kind did.")
    for run in list_last_runs():
        kind = RunKind(run.kind).value
        started.set(int(run.started_at.timestamp()), kind=kind)
        ended.set(int(run.ended_at.timestamp()) if run.ended_at else 0, kind=kind)
        duration.set(run.duration_ms, kind=kind)
        is_failed.set(int(bool(run.error)), kind=kind)
        for result in ("planned", "charged", "sent", "checked", "failed", "skipped"):
            rows.set(getattr(run, result), kind=kind, result=result)
    return [started, ended, duration, is_failed, rows]
