"""Mails about saved means."""

from django.urls import reverse

from billing.payment_methods.models import PaymentMethod
from billing.receivers.mailing import mail_billing
from manager.outbox.models import OutboxEvent
from organizations.profile.models import Organization


def email_expires_soon(*, event: OutboxEvent, methods: list[PaymentMethod]) -> None:
    """Queue one mail about all cards that end, to each billing contact in the contact's language."""
    organization = Organization.objects.get(pk=event.organization_id)
    mail_billing(
        template="payment_method_expires_soon",
        organization=organization,
        message=None,
        key=event.id,
        context={
            "methods": methods,
            "methods_path": reverse("billing:payment_methods", args=[organization.pk]),
        },
        at=event.created_at,
    )
