"""Read the reports of runs and the quarantine, for staff and for the engine."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from django.db.models import DurationField, ExpressionWrapper, F, Max, Q, QuerySet, Value
from django.db.models.functions import Coalesce

from billing.invoices.models import Invoice
from billing.runs.models import QuarantinedRow, QuarantineKind, Run
from billing.runs.rules import SILENCE
from organizations.profile.models import Organization
from products.inventory.models import Product

RUNNING, ENDED, FAILED, BROKEN_OFF = "running", "ended", "failed", "broken_off"
WAITING, RELEASED = "waiting", "released"
OF_INVOICES = (QuarantineKind.CHARGE, QuarantineKind.TAKE_BACK)
_MILLISECOND = timedelta(milliseconds=1)


def find_quarantined(*, kind: str) -> QuerySet[QuarantinedRow, int]:
    """Return the ids of the subjects in quarantine, for `exclude(pk__in=…)`.

    All of them on the connection `system`, elsewhere those of the organization in scope.

    In SQL: `NOT EXISTS (SELECT 1 FROM billing_quarantinedrow q WHERE q.kind = 'plan' AND
    q.subject_id = … AND q.quarantined_at IS NOT NULL AND q.released_at IS NULL)`; there is an index of
    exactly these rows.
    """
    waiting = QuarantinedRow.objects.filter(kind=kind, quarantined_at__isnull=False, released_at=None)
    return waiting.values_list("subject_id", flat=True)


def count_quarantined() -> dict[str, int]:
    """Return how many rows of each kind are in quarantine."""
    rows = QuarantinedRow.objects.using("system")
    waiting = rows.filter(quarantined_at__isnull=False, released_at=None)
    found = {str(kind): 0 for kind in QuarantineKind.values}
    for kind in waiting.values_list("kind", flat=True):
        found[kind] += 1
    return found


def list_runs(
    *, at: datetime, kind: str = "", state: str = "", since: date | None = None, until: date | None = None
) -> QuerySet[Run]:
    """Return the reports of a kind, in a state at `at`, started on the UTC days `since` to `until`."""
    runs = Run.objects.filter(**({"kind": kind} if kind else {}))
    if state:
        runs = runs.annotate(silent_since=_last_count()).filter(_in_state(state, at))
    if since:
        runs = runs.filter(started_at__gte=datetime.combine(since, time.min, UTC))
    if until:
        runs = runs.filter(started_at__lt=datetime.combine(until, time.min, UTC) + timedelta(days=1))
    return runs


def _last_count() -> ExpressionWrapper:
    spent = ExpressionWrapper(F("duration_ms") * Value(_MILLISECOND), output_field=DurationField())
    column = Run._meta.get_field("started_at")  # noqa: SLF001  (documented API)
    return ExpressionWrapper(F("started_at") + spent, output_field=column)


def _in_state(state: str, at: datetime) -> Q:
    """Return the condition that `Run.state` answers with this state."""
    open_ = Q(ended_at=None, error="")
    silent = Q(silent_since__lt=at - SILENCE)
    return {
        FAILED: ~Q(error=""),
        ENDED: Q(ended_at__isnull=False, error=""),
        RUNNING: open_ & ~silent,
        BROKEN_OFF: open_ & silent,
    }[state]


def list_last_runs() -> list[Run]:
    """Return the latest report of each kind that ever ran."""
    latest = Run.objects.values("kind").annotate(latest=Max("pk")).values("latest")
    return list(Run.objects.filter(pk__in=latest).order_by("kind"))


@dataclass(frozen=True, slots=True)
class QuarantineLine:
    """A row of the quarantine with the names of its subject and its organization, where they still exist."""

    row: QuarantinedRow
    subject: str
    organization: str


def list_quarantine(*, kind: str = "", state: str = WAITING, search: str = "") -> QuerySet[QuarantinedRow]:
    """Return what is in quarantine, or was released; `search` is a part of the error or the subject's id."""
    rows = QuarantinedRow.objects.using("system").filter(
        quarantined_at__isnull=False, released_at__isnull=state != RELEASED
    )
    rows = rows.filter(**({"kind": kind} if kind else {}))
    if search:
        number = Q(subject_id=int(search)) if search.isascii() and search.isdigit() else Q()
        rows = rows.filter(Q(last_error__icontains=search) | number)
    return rows


def name_rows(rows: Sequence[QuarantinedRow]) -> list[QuarantineLine]:
    """Return rows with their names, in their order; three queries for any number."""
    products = _of_kind(rows, QuarantineKind.PLAN)
    invoices = _of_kind(rows, *OF_INVOICES)
    names: dict[Any, str] = {
        (QuarantineKind.PLAN, pk): name
        for pk, name in Product.objects.using("system").filter(pk__in=products).values_list("pk", "name")
    }
    numbers = Invoice.objects.using("system").filter(pk__in=invoices)
    names |= {
        (kind, pk): number
        for pk, number in numbers.values_list("pk", Coalesce("number", Value("")))
        for kind in OF_INVOICES
    }
    owners = {row.organization_id for row in rows if row.organization_id}
    found = Organization.objects.using("system").filter(pk__in=owners)
    organizations = dict(found.values_list("pk", "name"))
    return [
        QuarantineLine(
            row, names.get((row.kind, row.subject_id), ""), organizations.get(row.organization_id or 0, "")
        )
        for row in rows
    ]


def _of_kind(rows: Sequence[QuarantinedRow], *kinds: str) -> list[int]:
    return [row.subject_id for row in rows if row.kind in kinds]
