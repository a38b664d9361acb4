"""Add, change, switch and delete endpoints (API-6)."""

from collections.abc import Collection
from datetime import datetime
from typing import Any

from django.db import transaction

from manager.kit.actor import Actor
from manager.kit.errors import NotFound
from manager.kit.status import transition
from manager.outbox.publish import publish
from organizations.access.locks import lock_organization
from organizations.access.roles import Permission
from organizations.audit.services import record_audit
from organizations.profile.models import Organization
from organizations.webhooks.addresses import read_address
from organizations.webhooks.catalogue import events_for
from organizations.webhooks.errors import EventsNotSeen, EventsRefused, TooManyEndpoints
from organizations.webhooks.models import WebhookEndpoint, WebhookMessage
from organizations.webhooks.rules import MOST_ENDPOINTS, OVERLAP
from organizations.webhooks.secrets import seal
from organizations.webhooks.signing import make_signing_secret
from organizations.webhooks.status import (
    ENDPOINT_STEPS,
    DisabledBy,
    EndpointStatus,
    MessageStatus,
)

Can = Collection[Permission]
"""What the actor may see: nobody has messages sent about what he or she does not see."""


@transaction.atomic
def add_endpoint(
    *,
    organization: Organization,
    url: str,
    events: Collection[str],
    description: str = "",
    can: Can,
    actor: Actor,
    at: datetime,
) -> tuple[WebhookEndpoint, str]:
    """Have messages about `events` sent to `url`; return the endpoint and its secret, told this once (API-6).

    :raises AddressRefused: nothing is sent to such an address.
    :raises EventsRefused: no event is chosen, or one that the actor may not see.
    :raises TooManyEndpoints: there are ten already.
    :raises OrganizationDeleted: the organization was deleted at this moment.
    """
    read_address(url)
    chosen = _chosen(events, can)
    lock_organization(organization_id=organization.pk)
    if WebhookEndpoint.objects.filter(organization_id=organization.pk).count() >= MOST_ENDPOINTS:
        raise TooManyEndpoints
    row = WebhookEndpoint.objects.create(
        organization_id=organization.pk,
        url=url,
        description=description.strip(),
        events=chosen,
        free_at=at,
        created_at=at,
    )
    secret = make_signing_secret()
    row.secret = seal(row, secret)
    row.save(update_fields=["secret"])
    _audit(row, "added", actor, at, events=chosen)
    return row, secret


@transaction.atomic
def change_endpoint(
    *,
    endpoint: WebhookEndpoint,
    url: str,
    events: Collection[str],
    description: str,
    can: Can,
    actor: Actor,
    at: datetime,
) -> WebhookEndpoint:
    """Change address, events and description; what waits goes to the new address.

    :raises AddressRefused: nothing is sent to such an address.
    :raises EventsRefused: no event is chosen, or one that the actor may not see.
    """
    read_address(url)
    chosen = _chosen(events, can)
    row = lock_endpoint(endpoint, can)
    if row.url != url:
        row.failing_since, row.failures = None, 0
    row.url, row.events, row.description = url, chosen, description.strip()
    row.save(update_fields=["url", "events", "description", "failing_since", "failures"])
    _audit(row, "changed", actor, at, events=chosen)
    return row


@transaction.atomic
def rotate_secret(*, endpoint: WebhookEndpoint, can: Can, actor: Actor, at: datetime) -> str:
    """Return a new secret, told this once; for 24 hours the former one signs beside it (API-6)."""
    row = lock_endpoint(endpoint, can)
    secret = make_signing_secret()
    row.former_secret, row.former_until = row.secret, at + OVERLAP
    row.secret = seal(row, secret)
    row.save(update_fields=["secret", "former_secret", "former_until"])
    _audit(row, "secret_rotated", actor, at)
    return secret


@transaction.atomic
def enable_endpoint(*, endpoint: WebhookEndpoint, can: Can, actor: Actor, at: datetime) -> WebhookEndpoint:
    """Send messages there again; what was missed is not sent by itself. An enabled one is left as it is."""
    row = lock_endpoint(endpoint, can)
    if row.status == EndpointStatus.ENABLED:
        return row
    transition(row, EndpointStatus.ENABLED, ENDPOINT_STEPS)
    row.disabled_by, row.disabled_at = "", None
    row.failing_since, row.failures, row.free_at = None, 0, at
    row.save()
    _audit(row, "enabled", actor, at)
    return row


@transaction.atomic
def disable_endpoint(
    *,
    endpoint: WebhookEndpoint,
    can: Can,
    actor: Actor,
    at: datetime,
    why: str = DisabledBy.PERSON,
) -> WebhookEndpoint:
    """Send nothing there any more; what waits is given up. A disabled one is left as it is.

    Publishes `webhook.disabled` where it was not a person's wish.
    """
    row = lock_endpoint(endpoint, can)
    if row.status == EndpointStatus.DISABLED:
        return row
    transition(row, EndpointStatus.DISABLED, ENDPOINT_STEPS)
    row.disabled_by, row.disabled_at = why, at
    row.save(update_fields=["status", "disabled_by", "disabled_at"])
    WebhookMessage.objects.filter(
        organization_id=row.organization_id, endpoint_id=row.pk, status=MessageStatus.WAITING
    ).update(status=MessageStatus.FAILED, ended_at=at)
    _audit(row, "disabled", actor, at, why=str(why))
    if why != DisabledBy.PERSON:
        facts = {"endpoint": row.pk, "why": str(why)}
        publish("webhook.disabled", organization_id=row.organization_id, payload=facts, at=at)
    return row


@transaction.atomic
def delete_endpoint(*, endpoint: WebhookEndpoint, can: Can, actor: Actor, at: datetime) -> None:
    """Delete an endpoint with all its messages."""
    row = lock_endpoint(endpoint, can)
    _audit(row, "deleted", actor, at)
    row.delete()


def forget_endpoints(*, organization_id: int) -> None:
    """Delete what an organization that was deleted had set up: nothing is sent in its name any more."""
    WebhookEndpoint.objects.filter(organization_id=organization_id).delete()


def lock_endpoint(endpoint: WebhookEndpoint, can: Can) -> WebhookEndpoint:
    """Return the row under its lock; in a transaction.

    :raises NotFound: it was deleted meanwhile.
    :raises EventsNotSeen: it has events meanwhile that the actor may not see.
    """
    rows = WebhookEndpoint.objects.select_for_update()
    row = rows.filter(organization_id=endpoint.organization_id, pk=endpoint.pk).first()
    if row is None:
        raise NotFound
    if set(row.events) - {event.name for event in events_for(can)}:
        raise EventsNotSeen
    return row


def _chosen(events: Collection[str], can: Can) -> list[str]:
    seen = [event.name for event in events_for(can)]
    if not events or set(events) - set(seen):
        raise EventsRefused
    return [name for name in seen if name in events]


def _audit(row: WebhookEndpoint, what: str, actor: Actor, at: datetime, **facts: Any) -> None:
    record_audit(
        organization_id=row.organization_id,
        name=f"webhook.{what}",
        actor=actor,
        at=at,
        subject=row,
        url=row.url,
        **facts,
    )
