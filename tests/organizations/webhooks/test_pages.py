"""Pages of webhooks, and what their lists cost (API-6)."""

import re
import time
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse

from accounts.users.models import User
from manager.kit.clock import now
from organizations.access.roles import Permission, Role
from organizations.profile.models import Organization
from organizations.webhooks.models import WebhookEndpoint, WebhookMessage
from organizations.webhooks.periodic import drain_webhooks
from organizations.webhooks.secrets import secrets_of
from tests.factories.billing import AT
from tests.factories.cast import client_of, make_member, make_tenant
from tests.factories.members import first_representative
from tests.factories.tokens import token_client
from tests.factories.webhooks import ALL, make_endpoint, make_message, running_program

JSON = "application/json"
WITHOUT_BILLING = ALL - {Permission.BILLING_VIEW}
URL = "https://hooks.example.com/m"


def path(name: str, organization: Organization, *args: int) -> str:
    return reverse(f"organizations:{name}", args=[organization.pk, *args])


def proved(user: User) -> Client:
    """Return a client of somebody who has just given the password."""
    client = client_of(user)
    session = client.session
    session["proved_at"] = time.time()
    session.save()
    return client


def api(organization: Organization, rest: str = "") -> str:
    return f"/api/1/organizations/{organization.pk}/webhooks{rest}"


def rows() -> list[WebhookEndpoint]:
    return list(WebhookEndpoint.objects.using("system").order_by("id"))


def test_the_pages_from_adding_to_deleting(organization: Organization, owner: User):
    """API-6: one story; the secret is shown once."""
    client = proved(owner)
    assert "No endpoint yet" in client.get(path("webhooks", organization)).content.decode()
    with running_program() as program:
        bad = client.post(
            path("add_webhook", organization), {"url": "http://intranet/", "events": "order.placed"}
        )
        assert (bad.status_code, rows()) == (422, [])
        assert "https address" in bad.content.decode()
        made = client.post(path("add_webhook", organization), {"url": program.url, "events": "order.placed"})
        (row,) = rows()
        (secret,) = secrets_of(row, at=now())
        assert secret in made.content.decode()
        sent = client.post(path("test_webhook", organization, row.pk))
        message = WebhookMessage.objects.using("system").get()
        assert sent.url == path("webhook_message", organization, row.pk, message.pk)
        assert drain_webhooks(at=now()) == 1
        shown = client.get(sent.url).content.decode()
        assert "thank you" in shown
        assert message.message_id in shown
        client.post(path("resend_webhook_message", organization, row.pk, message.pk))
        assert drain_webhooks(at=now()) == 1
        assert len(set(program.ids)) == 1
        assert len(program.got) == 2
    page = client.get(path("webhook", organization, row.pk)).content.decode()
    assert secret not in page
    assert "webhook.test" in page
    rotated = client.post(path("rotate_webhook_secret", organization, row.pk)).content.decode()
    assert secrets_of(rows()[0], at=now())[0] in rotated
    client.post(path("edit_webhook", organization, row.pk), {"url": URL, "events": "order.placed"})
    client.post(path("disable_webhook", organization, row.pk))
    assert (rows()[0].url, rows()[0].status) == (URL, "disabled")
    refused = client.post(path("test_webhook", organization, row.pk), follow=True)
    assert "Please enable the endpoint first" in refused.content.decode()
    client.post(path("enable_webhook", organization, row.pk))
    assert rows()[0].status == "enabled"
    client.post(path("delete_webhook", organization, row.pk))
    assert rows() == []


def test_asks_for_a_proof_before_a_secret_or_another_address(organization: Organization, owner: User):
    """API-6, INC-14"""
    row, secret = make_endpoint(organization)
    client = client_of(owner)
    asking = (("add_webhook", ()), ("edit_webhook", (row.pk,)), ("rotate_webhook_secret", (row.pk,)))
    for name, args in asking:
        answer = client.post(path(name, organization, *args), {"url": URL, "events": "order.placed"})
        assert answer.status_code == 302
        assert answer.url.startswith(reverse("accounts:prove"))
    assert [secrets_of(one, at=AT) for one in rows()] == [[secret]]


def test_given_up_ones_are_sent_again_from_a_day_on(organization: Organization, owner: User):
    """API-6: those that were given up, of that endpoint, since then."""
    row, _secret = make_endpoint(organization)
    other, _secret = make_endpoint(organization)
    old, new, taken, elsewhere = (make_message(one) for one in (row, row, row, other))
    WebhookMessage.objects.using("system").exclude(pk=taken.pk).update(status="failed", tries=10)
    WebhookMessage.objects.using("system").filter(pk=old.pk).update(created_at=AT - timedelta(days=2))
    WebhookMessage.objects.using("system").filter(pk=taken.pk).update(status="delivered")
    client = client_of(owner)
    answer = client.post(
        path("resend_failed_webhook_messages", organization, row.pk),
        {"since": AT.date().isoformat()},
        follow=True,
    )
    assert "1 message is sent again" in answer.content.decode()
    states = dict(WebhookMessage.objects.using("system").values_list("pk", "status"))
    assert states == {old.pk: "failed", new.pk: "waiting", taken.pk: "delivered", elsewhere.pk: "failed"}


def test_lists_cost_the_same_for_any_number(organization: Organization, owner: User, query_count):
    """API-6: endpoints and messages, on pages and over REST."""
    client, token = (
        client_of(owner),
        token_client(owner, "organizations:read", "billing:read", "products:read"),
    )
    row, _secret = make_endpoint(organization)
    make_message(row)
    addresses = [
        (client, path("webhooks", organization)),
        (client, path("webhook", organization, row.pk)),
        (token, api(organization)),
        (token, api(organization, f"/{row.pk}/messages")),
    ]

    def count() -> list[int]:
        counts = []
        for asks, address in addresses:
            asks.get(address)
            with query_count() as seen:
                assert asks.get(address).status_code == 200
            counts.append(seen.count)
        return counts

    few = count()
    for _ in range(4):
        make_endpoint(organization)
        make_message(row)
    assert count() == few


def test_the_log_is_filtered_and_paged(organization: Organization, owner: User):
    """API-6"""
    row, _secret = make_endpoint(organization)
    for _ in range(27):
        make_message(row)
    client = client_of(owner)
    address = path("webhook", organization, row.pk)
    first = client.get(address)
    assert len(first.context["page"].rows) == 25
    second = client.get(address, {"after": first.context["page"].next})
    assert len(second.context["page"].rows) == 2
    assert "Nothing matches" in client.get(address, {"status": "failed"}).content.decode()
    assert len(client.get(address, {"event": "webhook.test"}).context["page"].rows) == 25


def test_strangers_and_collaborators_stay_outside(organization: Organization):
    """API-6, ORG-17"""
    row, _secret = make_endpoint(organization)
    collaborator: Client = client_of(make_member(organization, Role.COLLABORATOR, has_billing=True))
    stranger = client_of(first_representative(make_tenant()).user)
    assert collaborator.get(path("webhook", organization, row.pk)).status_code == 403
    assert stranger.get(path("webhook", organization, row.pk)).status_code == 404


@pytest.mark.parametrize("since", ["0001-01-01", "9999-12-31", "nonsense"])
def test_refuses_a_day_that_no_calendar_has(organization: Organization, owner: User, since: str):
    """API-6: beside the field."""
    endpoint, _secret = make_endpoint(organization)
    address = path("resend_failed_webhook_messages", organization, endpoint.pk)
    answer = client_of(owner).post(address, {"since": since})
    assert (answer.status_code, list(answer.context["form"].errors)) == (422, ["since"])


def test_a_day_is_shown_as_browsers_take_it(organization: Organization, owner: User):
    """UI-2: in a language that writes days otherwise, the field would be empty."""
    endpoint, _secret = make_endpoint(organization)
    address = path("resend_failed_webhook_messages", organization, endpoint.pk)
    User.objects.filter(pk=owner.pk).update(language="de")
    text = client_of(owner).get(address).content.decode()
    assert '<html lang="de"' in text
    assert re.search(r'name="since" value="\d{4}-\d\d-\d\d"', text)


def test_an_endpoint_of_others_is_not_found_whatever_is_asked(organization: Organization, owner: User):
    """INC-1: a stranger is told that there is nothing before what a list takes."""
    endpoint, _secret = make_endpoint(make_tenant())
    client = token_client(owner, "organizations:read", "products:read")
    answer = client.get(api(organization, f"/{endpoint.pk}/messages?kind=x"))
    assert answer.status_code == 404
