"""Endpoints by the verbs and over REST (API-6)."""

import json
from datetime import timedelta

import pytest
from django.urls import reverse

from accounts.users.models import User
from manager.kit.clock import now
from manager.kit.errors import NotFound
from manager.kit.scope import tenant_scope
from organizations.access.roles import Permission, Role
from organizations.audit.models import AuditEvent
from organizations.profile.models import Organization
from organizations.webhooks.catalogue import EVENTS
from organizations.webhooks.errors import AddressRefused, EventsNotSeen, EventsRefused, TooManyEndpoints
from organizations.webhooks.messages_api import KeptInstantField
from organizations.webhooks.models import WebhookEndpoint, WebhookMessage
from organizations.webhooks.rules import MOST_ENDPOINTS, OVERLAP
from organizations.webhooks.secrets import secrets_of
from organizations.webhooks.services import change_endpoint, delete_endpoint, rotate_secret
from organizations.webhooks.tasks import forget_deleted
from tests.factories.billing import ACTOR, AT
from tests.factories.cast import client_of, make_member, make_tenant
from tests.factories.tokens import token_client
from tests.factories.webhooks import ALL, make_endpoint, make_message

JSON = "application/json"
WITHOUT_BILLING = ALL - {Permission.BILLING_VIEW}
URL = "https://hooks.example.com/m"


def path(name: str, organization: Organization, *args: int) -> str:
    return reverse(f"organizations:{name}", args=[organization.pk, *args])


def api(organization: Organization, rest: str = "") -> str:
    return f"/api/1/organizations/{organization.pk}/webhooks{rest}"


def rows() -> list[WebhookEndpoint]:
    return list(WebhookEndpoint.objects.using("system").order_by("id"))


def test_is_added_changed_and_deleted(organization: Organization):
    """API-6: each act stands in the log; the secret is encrypted."""
    row, secret = make_endpoint(organization, url=URL)
    assert secret.startswith("whsec_")
    assert secret.encode() not in bytes(row.secret)
    with tenant_scope(organization.pk):
        assert secrets_of(row, at=AT) == [secret]
        changed = change_endpoint(
            endpoint=row,
            url=URL + "2",
            events=["invoice.paid"],
            description=" Books ",
            can=ALL,
            actor=ACTOR,
            at=AT,
        )
        assert (changed.url, changed.events, changed.description) == (URL + "2", ["invoice.paid"], "Books")
        delete_endpoint(endpoint=row, can=ALL, actor=ACTOR, at=AT)
        with pytest.raises(NotFound):
            delete_endpoint(endpoint=row, can=ALL, actor=ACTOR, at=AT)
    names = AuditEvent.objects.using("system").filter(name__startswith="webhook.").order_by("id")
    assert [event.name for event in names] == ["webhook.added", "webhook.changed", "webhook.deleted"]


def test_refuses_addresses_events_and_too_many(organization: Organization):
    """API-6"""
    with pytest.raises(AddressRefused):
        make_endpoint(organization, url="http://10.0.0.1/")
    for events in ((), ("user.registered",), ("product.activated", "made.up")):
        with pytest.raises(EventsRefused):
            make_endpoint(organization, events=events)
    for _ in range(MOST_ENDPOINTS):
        make_endpoint(organization)
    with pytest.raises(TooManyEndpoints):
        make_endpoint(organization)


def test_nobody_has_sent_what_he_does_not_see(organization: Organization):
    """API-6, ORG-6: without the billing right neither events of billing nor what is sent of them."""
    row, _secret = make_endpoint(organization, events=("invoice.paid",))
    same = {"endpoint": row, "can": WITHOUT_BILLING, "actor": ACTOR, "at": AT}
    with tenant_scope(organization.pk):
        with pytest.raises(EventsRefused):
            change_endpoint(url=URL, events=["invoice.paid"], description="", **same)
        with pytest.raises(EventsNotSeen):
            change_endpoint(url=URL, events=["product.activated"], description="", **same)
        with pytest.raises(EventsNotSeen):
            rotate_secret(**same)
    administrator = client_of(make_member(organization, Role.ADMINISTRATOR))
    assert administrator.get(path("webhook", organization, row.pk)).status_code == 403
    listed = administrator.get(path("webhooks", organization))
    assert "billing right" in listed.content.decode()
    assert "invoice.paid" not in administrator.get(path("add_webhook", organization)).content.decode()


def test_a_new_secret_leaves_a_day_for_the_former(organization: Organization):
    """API-6"""
    row, first = make_endpoint(organization)
    with tenant_scope(organization.pk):
        second = rotate_secret(endpoint=row, can=ALL, actor=ACTOR, at=AT)
    (row,) = rows()
    assert secrets_of(row, at=AT) == [second, first]
    assert secrets_of(row, at=AT + OVERLAP - timedelta(seconds=1)) == [second, first]
    assert secrets_of(row, at=AT + OVERLAP) == [second]


def test_ends_with_the_organization(organization: Organization):
    """API-6, ORG-14"""
    row, _secret = make_endpoint(organization)
    make_message(row)
    other, _secret = make_endpoint(make_tenant())

    class Event:
        organization_id = organization.pk

    with tenant_scope(organization.pk):
        forget_deleted(Event())  # type: ignore[arg-type]  # only the organization is read
    assert [row.pk for row in rows()] == [other.pk]
    assert not WebhookMessage.objects.using("system").exists()


def test_everything_over_rest(organization: Organization, owner: User):
    """API-1, API-6: the same verbs and guards; a token sees no more than its scopes."""
    every = ("organizations:read", "organizations:write", "billing:read", "products:read")
    token, narrow = token_client(owner, *every), token_client(owner, *every[:2], "products:read")
    body = {"url": URL, "events": ["invoice.paid"]}
    refused = narrow.post(api(organization), body, content_type=JSON)
    assert (refused.status_code, refused.json()["error"]["code"]) == (422, "webhook_events_refused")
    made = token.post(api(organization), body, content_type=JSON)
    assert made.status_code == 201
    one = api(organization, f"/{made.json()['data']['id']}")
    assert secrets_of(rows()[0], at=now()) == [made.json()["data"]["secret"]]
    assert "secret" not in token.get(one).json()["data"]
    assert narrow.get(one).status_code == 403
    assert (
        token.patch(one, {"description": "Books"}, content_type=JSON).json()["data"]["description"] == "Books"
    )
    rotated = token.post(f"{one}/secret").json()["data"]["secret"]
    assert secrets_of(rows()[0], at=now())[0] == rotated
    sent = token.post(f"{one}/test").json()["data"]
    assert (sent["event"], sent["status"]) == ("webhook.test", "waiting")
    assert sent["next_try_at"][-1] == sent["created_at"][-1] == "Z"
    message = f"{one}/messages/{sent['id']}"
    assert json.loads(token.get(message).json()["data"]["body"])["type"] == "webhook.test"
    assert token.post(f"{message}/resend").status_code == 200
    assert token.post(f"{one}/disable").json()["data"]["status"] == "disabled"
    assert token.post(f"{one}/test").json()["error"]["code"] == "webhook_disabled"
    assert token.post(f"{one}/enable").json()["data"]["status"] == "enabled"
    since = {"since": (now() - timedelta(days=1)).isoformat()}
    assert token.post(f"{one}/resend", since, content_type=JSON).json()["data"] == {"count": 1}
    listed = token.get(f"{one}/messages?filter[status]=waiting").json()["data"]
    assert [row["id"] for row in listed] == [sent["id"]]
    events = token.get(f"/api/1/organizations/{organization.pk}/webhook-events").json()["data"]
    assert [event["name"] for event in events] == list(EVENTS)
    assert token.delete(one).status_code == 200
    assert token.get(one).status_code == 404


def test_tries_are_told_in_utc_like_all_instants():
    """API-1: they stand in JSON, as text."""
    told = KeptInstantField().to_representation("2026-11-23T06:38:57.544902+01:00")
    assert told == "2026-11-23T05:38:57.544902Z"
