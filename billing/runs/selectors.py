"""Read the reports of runs and the quarantine."""

from django.db.models import QuerySet

from billing.runs.models import QuarantinedRow


def find_quarantined(*, kind: str) -> QuerySet[QuarantinedRow, int]:
    """Return the ids of the subjects in quarantine, for `exclude(pk__in=…)`.

    In SQL: `NOT EXISTS (SELECT 1 FROM billing_quarantinedrow q WHERE q.kind = 'plan' AND
    q.subject_id = … AND q.quarantined_at IS NOT NULL AND q.released_at IS NULL)`; there is an index of
    exactly these rows.
    """
    waiting = QuarantinedRow.objects.filter(kind=kind, quarantined_at__isnull=False, released_at=None)
    return waiting.values_list("subject_id", flat=True)
