"""The mail about a change of an offer that is carried out."""

from django.urls import reverse
from django.utils import translation

from billing.changes.models import ChangeQuote
from billing.changes.page import describe_change
from manager.outbox.mails import queue_mail
from manager.outbox.models import OutboxEvent
from organizations.members.selectors import list_billing_contacts


def mail_applied(*, event: OutboxEvent, change: ChangeQuote) -> None:
    """Tell the billing contacts what changed, from when, and what was paid or credited (PRD-14)."""
    for contact in list_billing_contacts(organization_id=change.organization_id):
        with translation.override(contact.language):
            before, after = describe_change(change)
        queue_mail(
            template="change_applied",
            recipient=contact.email,
            language=contact.language,
            context={
                "contact": contact,
                "organization": change.organization,
                "change": change,
                "product": change.product,
                "before": before,
                "after": after,
                "path": reverse("products:product", args=[change.organization_id, change.product_id]),
            },
            dedupe_key=f"{event.id}:{contact.user_id}",
            organization_id=change.organization_id,
            at=event.created_at,
        )
