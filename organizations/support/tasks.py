"""What follows from events of support access: mails."""

from manager.outbox.models import OutboxEvent
from organizations.members.selectors import list_contacts
from organizations.members.topics import Topic
from organizations.profile.models import Organization
from organizations.support.emails import mail_support_given
from organizations.support.models import SupportGrant


def email_support_given(event: OutboxEvent) -> None:
    """Tell who gets the technical mails, at first the legal representatives and administrators."""
    rows = SupportGrant.objects.select_related("given_by").filter(organization_id=event.organization_id)
    grant = rows.get(pk=event.payload["grant"])
    organization = Organization.objects.get(pk=event.organization_id)
    for contact in list_contacts(organization_id=event.organization_id, topic=Topic.TECHNICAL):
        mail_support_given(
            organization=organization,
            contact=contact,
            grant=grant,
            dedupe_key=f"{event.pk}:{contact.user_id}",
            at=event.created_at,
        )
