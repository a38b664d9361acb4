"""What follows from events of support access: mails."""

from collections.abc import Callable

from manager.outbox.models import OutboxEvent
from organizations.members.selectors import list_contacts
from organizations.members.topics import Topic
from organizations.profile.models import Organization
from organizations.support.emails import mail_support_ended, mail_support_given
from organizations.support.models import SupportGrant


def email_support_given(event: OutboxEvent) -> None:
    """Tell who gets the technical mails, at first the legal representatives and administrators."""
    _email(event, mail_support_given)


def email_support_ended(event: OutboxEvent) -> None:
    """Tell the same people that support access has ended by itself, unless it was given again meanwhile."""
    given = SupportGrant.objects.filter(organization_id=event.organization_id, ended_at=None)
    if not given.filter(kind=event.payload["kind"]).exists():
        _email(event, mail_support_ended)


def _email(event: OutboxEvent, mail: Callable[..., None]) -> None:
    rows = SupportGrant.objects.select_related("given_by").filter(organization_id=event.organization_id)
    grant = rows.get(pk=event.payload["grant"])
    organization = Organization.objects.get(pk=event.organization_id)
    for contact in list_contacts(organization_id=event.organization_id, topic=Topic.TECHNICAL):
        mail(
            organization=organization,
            contact=contact,
            grant=grant,
            dedupe_key=str(event.pk),
            at=event.created_at,
        )
