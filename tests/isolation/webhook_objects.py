"""An endpoint of webhooks with a message, for the matrix."""

from typing import Any

from organizations.profile.models import Organization
from organizations.webhooks.models import WebhookEndpoint, WebhookMessage
from organizations.webhooks.secrets import seal
from organizations.webhooks.signing import make_signing_secret
from tests.factories.billing import AT
from tests.isolation.world import MAKERS, World, word_of


def _endpoint(world: World, organization: Organization, made: dict[str, Any]) -> int:
    word = word_of(world, organization)
    row = WebhookEndpoint.objects.create(
        organization=organization,
        url=f"https://{word.lower()}.example.com/hook",
        description=word.title(),
        events=["product.activated"],
        free_at=AT,
        created_at=AT,
    )
    row.secret = seal(row, make_signing_secret())
    row.save()
    return row.pk


def _message(world: World, organization: Organization, made: dict[str, Any]) -> int:
    row = WebhookMessage.objects.create(
        organization=organization,
        endpoint_id=made["webhook_id"],
        event="product.activated",
        body=f'{{"type":"product.activated","data":{{"name":"{word_of(world, organization)}"}}}}',
        created_at=AT,
        begun_at=AT,
        due_at=AT,
    )
    return row.pk


MAKERS.update({"webhook_id": _endpoint, "webhook_message_id": _message})
