"""What follows from the end of a grant: mails."""

from manager.outbox.models import OutboxEvent
from organizations.access.models import Grant
from organizations.grants.emails import mail_access_ended
from organizations.grants.selectors import list_losers


def email_access_ended(event: OutboxEvent) -> None:
    """Tell those who have lost access because a grant ended by itself; nobody whose team or grant is gone."""
    if not event.payload["by_itself"]:
        return
    grants = Grant.objects.select_related("organization", "team")
    grant = grants.filter(organization_id=event.organization_id, pk=event.payload["grant"]).first()
    if grant is None:
        return
    for member in list_losers(grant=grant, at=event.created_at):
        mail_access_ended(grant=grant, member=member, dedupe_key=str(event.pk), at=event.created_at)
