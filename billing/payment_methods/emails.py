"""Mails about saved means."""

from django.urls import reverse

from billing.payment_methods.models import PaymentMethod
from manager.outbox.mails import queue_mail
from manager.outbox.models import OutboxEvent
from organizations.members.selectors import list_billing_contacts
from organizations.profile.models import Organization


def email_expires_soon(*, event: OutboxEvent, methods: list[PaymentMethod]) -> None:
    """Queue one mail about all cards that end, to each billing contact in the contact's language."""
    organization = Organization.objects.get(pk=event.organization_id)
    for contact in list_billing_contacts(organization_id=organization.pk):
        queue_mail(
            template="payment_method_expires_soon",
            recipient=contact.email,
            language=contact.language,
            context={
                "methods": methods,
                "organization": organization,
                "contact": contact,
                "methods_path": reverse("billing:payment_methods", args=[organization.pk]),
            },
            dedupe_key=f"{event.id}:{contact.user_id}",
            organization_id=organization.pk,
            at=event.created_at,
        )
