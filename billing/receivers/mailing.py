"""Mail an organization's billing messages: one mail per receiver and fact, in the receiver's language."""

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any

from django.utils import translation

from billing.receivers.selectors import list_receivers
from billing.receivers.status import Message
from manager.outbox.mails import Attachment, queue_mail
from organizations.members.selectors import Topic
from organizations.profile.models import Organization


def mail_billing(
    *,
    template: str,
    organization: Organization,
    message: Message | None,
    key: object,
    context: dict[str, Any],
    at: datetime,
    worded: Callable[[], dict[str, Any]] | None = None,
    attachments: Sequence[Attachment] = (),
    topic: str = Topic.BILLING,
) -> None:
    """Queue the mail `template` for whoever gets that `message`; with None, for members only.

    `key` names the fact: repeated with it, nobody gets a second mail. `worded` gives what has to be put into
    words in each receiver's language.
    """
    for contact in list_receivers(organization_id=organization.pk, message=message, topic=topic):
        with translation.override(contact.language):
            words = worded() if worded else {}
        queue_mail(
            template=template,
            recipient=contact.email,
            language=contact.language,
            context={**context, **words, "contact": contact, "organization": organization},
            dedupe_key=f"{key}:{contact.key}",
            organization_id=organization.pk,
            at=at,
            attachments=attachments,
        )
