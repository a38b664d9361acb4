"""What follows from events of invoices, orders and products: the numbers in the switcher."""

from billing.alerts.counting import count_alerts
from manager.kit.clock import day_in
from manager.outbox.models import OutboxEvent
from organizations.profile.models import Organization
from organizations.summaries.services import write_alerts


def refresh_alerts(event: OutboxEvent) -> None:
    """Count again what needs attention in the event's organization."""
    organization = Organization.objects.get(pk=event.organization_id)
    today = day_in(organization.time_zone, event.created_at)
    alerts = count_alerts(organization_ids=[organization.pk], today=today)[organization.pk]
    write_alerts(
        organization_id=organization.pk,
        unpaid=alerts.unpaid,
        held=alerts.held,
        expiring=alerts.expiring,
        on=event.created_at.date(),
    )
