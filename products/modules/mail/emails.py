"""The mails about mailboxes: one was deleted, somebody else changed the password."""

from datetime import datetime

from django.urls import reverse
from django.utils import timezone

from manager.outbox.mails import queue_mail
from organizations.members.emails import mail_contact
from organizations.members.selectors import list_contacts
from organizations.members.topics import Topic
from organizations.profile.models import Organization
from products.modules.mail.models import Mailbox


def mail_removed(
    *, organization: Organization, address: str, product_id: int, by: str, dedupe_key: str, at: datetime
) -> None:
    """Tell who gets the technical mails that a mailbox was deleted."""
    path = reverse("products:mailboxes", args=[organization.pk, product_id])
    for contact in list_contacts(organization_id=organization.pk, topic=Topic.TECHNICAL):
        mail_contact(
            template="mailbox_removed",
            organization=organization,
            contact=contact,
            facts={"address": address, "removed_by": by, "path": path},
            dedupe_key=dedupe_key,
            at=at,
        )


def mail_password_changed(
    *, mailbox: Mailbox, recipient: str, language: str, by: str, dedupe_key: str, at: datetime
) -> None:
    """Tell the reader of a mailbox that somebody else changed its password."""
    organization = mailbox.organization
    with timezone.override(organization.time_zone):
        queue_mail(
            template="mailbox_password_changed",
            recipient=recipient,
            language=language,
            context={
                "address": mailbox.address,
                "organization": organization.name,
                "changed_by": by,
                "changed_at": at,
            },
            dedupe_key=dedupe_key,
            organization_id=organization.pk,
            at=at,
        )
