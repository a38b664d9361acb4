"""The mail that asks an address whether it wants an organization's billing messages."""

from datetime import datetime

from django.urls import reverse
from django.utils import timezone, translation

from billing.receivers.models import BillingReceiver
from billing.receivers.secrets import confirm_key
from billing.receivers.status import Message
from manager.outbox.mails import queue_mail


def mail_question(*, receiver: BillingReceiver, dedupe_key: str, at: datetime) -> None:
    """Mail the link by which the reader says yes or no, in the receiver's language."""
    organization = receiver.organization
    with translation.override(receiver.language):
        messages = [str(Message(kind).label) for kind in receiver.messages]
    with timezone.override(organization.time_zone):
        queue_mail(
            template="billing_receiver_asked",
            recipient=receiver.email,
            language=receiver.language,
            context={
                "name": receiver.name,
                "organization": organization.name,
                "messages": messages,
                "until": receiver.expires_at,
                "path": reverse("billing:answer_receiver", args=[confirm_key(receiver)]),
            },
            dedupe_key=dedupe_key,
            organization_id=organization.pk,
            at=at,
        )
