"""What follows from events: messages to endpoints, mails about disabled ones, the end of the organization."""

from collections.abc import Collection

from django.urls import reverse

from manager.kit.nudge import nudge
from manager.outbox.models import OutboxEvent
from organizations.members.emails import mail_contact
from organizations.members.selectors import list_administrators
from organizations.profile.models import Organization
from organizations.webhooks.catalogue import write_data
from organizations.webhooks.models import WebhookEndpoint, WebhookMessage
from organizations.webhooks.services import forget_endpoints
from organizations.webhooks.services.messages import PERIODIC, write_message
from organizations.webhooks.status import EndpointStatus


def write_messages(event: OutboxEvent) -> None:
    """On each event that can be chosen: write a message for each endpoint that has chosen it, once."""
    endpoints = list(
        WebhookEndpoint.objects.filter(
            organization_id=event.organization_id,
            status=EndpointStatus.ENABLED,
            events__contains=[event.name],
            created_at__lte=event.created_at,
        )
    )
    data = write_data(event) if endpoints else None
    if data is None:
        return
    messages = [
        write_message(
            endpoint=endpoint,
            event=event.name,
            data=data,
            event_id=event.pk,
            happened_at=event.created_at,
            at=event.created_at,
        )
        for endpoint in endpoints
    ]
    WebhookMessage.objects.bulk_create(messages, ignore_conflicts=True)
    nudge(PERIODIC)


def organizations_with_endpoints(organization_ids: Collection[int]) -> set[int]:
    """Return which of the organizations have an endpoint: the others' events need no handler. One query."""
    endpoints = WebhookEndpoint.objects.using("system").filter(
        organization_id__in=organization_ids, status=EndpointStatus.ENABLED
    )
    return set(endpoints.values_list("organization_id", flat=True))


def email_disabled(event: OutboxEvent) -> None:
    """On `webhook.disabled`: tell the administrators, who may have it corrected and enable it again."""
    endpoint = WebhookEndpoint.objects.filter(
        organization_id=event.organization_id, pk=event.payload["endpoint"], status=EndpointStatus.DISABLED
    ).first()
    if endpoint is None:
        return
    organization = Organization.objects.get(pk=event.organization_id)
    for contact in list_administrators(organization_id=organization.pk):
        mail_contact(
            template="webhook_disabled",
            organization=organization,
            contact=contact,
            facts={
                "address": endpoint.url,
                "is_gone": event.payload["why"] == "gone",
                "path": reverse("organizations:webhook", args=[organization.pk, endpoint.pk]),
            },
            dedupe_key=f"{event.pk}:{contact.user_id}",
            at=event.created_at,
        )


def forget_deleted(event: OutboxEvent) -> None:
    """On `organization.deleted`: its endpoints go with it."""
    forget_endpoints(organization_id=event.organization_id)
