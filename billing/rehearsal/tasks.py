"""What the room does after an event; ids in, idempotent."""

from billing.rehearsal.emails import mail_problems
from billing.rehearsal.selectors import list_problems
from manager.outbox.models import OutboxEvent
from organizations.profile.models import Organization


def email_findings(event: OutboxEvent) -> None:
    """On `rehearsal.found`: tell the billing contacts of what is new and still stands."""
    organization = Organization.objects.get(pk=event.organization_id)
    problems = list_problems(organization=organization, reasons=frozenset(event.payload["reasons"]))
    if problems:
        mail_problems(organization=organization, problems=problems, key=str(event.pk), at=event.created_at)
