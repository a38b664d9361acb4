"""The daily count of what needs attention: what expires soon changes without any event."""

from datetime import datetime

from billing.alerts.counting import count_alerts
from organizations.summaries.services import find_not_counted_on, write_counted

BATCH = 500


def drain_alerts(*, at: datetime) -> int:
    """Count once a day what needs attention, 500 organizations at a time; return how many were counted."""
    today = at.date()
    organization_ids = find_not_counted_on(day=today, limit=BATCH)
    if not organization_ids:
        return 0
    alerts = count_alerts(organization_ids=organization_ids, today=today, using="system")
    counts = {pk: (found.unpaid, found.held, found.expiring) for pk, found in alerts.items()}
    write_counted(counts=counts, on=today)
    return len(organization_ids)
