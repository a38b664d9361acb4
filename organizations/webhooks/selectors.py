"""Endpoints and messages as lists and pages show them."""

from collections.abc import Collection

from django.db.models import QuerySet

from manager.kit.errors import NotFound
from organizations.access.roles import Permission
from organizations.profile.models import Organization
from organizations.webhooks.catalogue import names_for
from organizations.webhooks.errors import EventsNotSeen
from organizations.webhooks.models import WebhookEndpoint, WebhookMessage


def list_endpoints(
    *, organization: Organization, status: str = "", search: str = ""
) -> QuerySet[WebhookEndpoint]:
    """Return the organization's endpoints, oldest first; of one status, or with `search` in the address."""
    rows = WebhookEndpoint.objects.filter(organization_id=organization.pk).defer("secret", "former_secret")
    if status:
        rows = rows.filter(status=status)
    if search:
        rows = rows.filter(url__icontains=search) | rows.filter(description__icontains=search)
    return rows.order_by("id")


def may_see(endpoint: WebhookEndpoint, *, can: Collection[Permission]) -> bool:
    """Return whether somebody with these rights may see everything that the endpoint gets."""
    return set(endpoint.events) <= names_for(can)


def get_endpoint(
    *, organization: Organization, endpoint_id: int, can: Collection[Permission]
) -> WebhookEndpoint:
    """Return one endpoint.

    :raises NotFound: the organization has none of that id.
    :raises EventsNotSeen: it gets events that somebody with these rights does not see.
    """
    row = list_endpoints(organization=organization).filter(pk=endpoint_id).first()
    if row is None:
        raise NotFound
    if not may_see(row, can=can):
        raise EventsNotSeen
    return row


def list_messages(
    *, endpoint: WebhookEndpoint, can: Collection[Permission], event: str = "", status: str = ""
) -> QuerySet[WebhookMessage]:
    """Return what was sent to an endpoint, without what somebody with these rights does not see."""
    names = names_for(can)
    rows = WebhookMessage.objects.filter(
        organization_id=endpoint.organization_id,
        endpoint_id=endpoint.pk,
        event__in=names & {event} if event else names,
    )
    return rows.filter(status=status) if status else rows


def get_message(*, endpoint: WebhookEndpoint, message_id: int, can: Collection[Permission]) -> WebhookMessage:
    """Return one message of an endpoint.

    :raises NotFound: there is none of that id, or it tells what somebody with these rights does not see.
    """
    row = list_messages(endpoint=endpoint, can=can).filter(pk=message_id).first()
    if row is None:
        raise NotFound
    return row
