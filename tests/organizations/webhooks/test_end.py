"""What ends the sending of messages, and what ends their log (API-6)."""

from datetime import timedelta

from django.db import transaction

from manager.kit.scope import tenant_scope
from manager.outbox.publish import publish
from manager.outbox.relay import drain_outbox
from organizations.profile.models import Organization
from organizations.webhooks.models import WebhookMessage
from organizations.webhooks.periodic import drain_old_messages, drain_webhooks
from organizations.webhooks.services import disable_endpoint
from tests.factories.billing import ACTOR, AT
from tests.factories.products import make_product
from tests.factories.webhooks import ALL, Program, make_endpoint, make_message

LATER = AT + timedelta(hours=23)


def test_a_disabled_one_gets_nothing(organization: Organization, program: Program):
    """API-6: neither what waits nor what happens meanwhile."""
    endpoint, _secret = make_endpoint(organization, url=program.url)
    make_message(endpoint)
    with tenant_scope(organization.pk):
        disable_endpoint(endpoint=endpoint, can=ALL, actor=ACTOR, at=AT)
    product = make_product(organization)
    with tenant_scope(organization.pk), transaction.atomic():
        publish("product.activated", organization_id=organization.pk, payload={"product": product.pk}, at=AT)
    drain_outbox(at=AT)
    assert drain_webhooks(at=LATER) == 0
    assert (program.got, WebhookMessage.objects.using("system").get().status) == ([], "failed")


def test_a_deleted_organization_sends_nothing(organization: Organization, program: Program):
    """API-6, ORG-14: from the moment of its deletion, also before its endpoints are cleared."""
    endpoint, _secret = make_endpoint(organization, url=program.url)
    make_message(endpoint)
    Organization.objects.using("system").filter(pk=organization.pk).update(deleted_at=AT)
    assert drain_webhooks(at=LATER) == 0
    assert program.got == []


def test_the_log_is_kept_for_thirty_days(organization: Organization):
    """API-6"""
    endpoint, _secret = make_endpoint(organization)
    make_message(endpoint)
    assert drain_old_messages(at=AT + timedelta(days=30)) == 0
    assert drain_old_messages(at=AT + timedelta(days=30, seconds=1)) == 1
    assert drain_old_messages(at=AT + timedelta(days=31)) == 0
