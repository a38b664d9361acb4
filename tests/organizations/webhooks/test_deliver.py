"""Messages from the event to the program: written, sent, tried again, given up (API-6)."""

import base64
import hashlib
import hmac
import json
import threading
from datetime import timedelta

import pytest
from django.db import OperationalError, transaction

from manager.kit.clock import now
from manager.kit.points import watching
from manager.kit.scope import tenant_scope
from manager.outbox.models import Delivery, OutgoingMail
from manager.outbox.publish import publish
from manager.outbox.relay import drain_outbox
from organizations.access.roles import Role
from organizations.audit.models import AuditEvent
from organizations.profile.models import Organization
from organizations.webhooks import periodic
from organizations.webhooks.models import WebhookEndpoint, WebhookMessage
from organizations.webhooks.periodic import drain_webhooks
from organizations.webhooks.rules import DELAYS, LEASE, MOST_TRIES, REST
from organizations.webhooks.services import rotate_secret
from tests.factories.billing import ACTOR, AT
from tests.factories.cast import make_member, make_tenant
from tests.factories.products import make_product
from tests.factories.webhooks import ALL, Program, make_endpoint, make_message, running_program

LATER = AT + timedelta(hours=23)


def message_of(endpoint: WebhookEndpoint) -> WebhookMessage:
    return WebhookMessage.objects.using("system").get(endpoint_id=endpoint.pk)


def endpoint_now(endpoint: WebhookEndpoint) -> WebhookEndpoint:
    return WebhookEndpoint.objects.using("system").get(pk=endpoint.pk)


def tell(organization: Organization, name: str, **payload: object) -> None:
    with tenant_scope(organization.pk), transaction.atomic():
        publish(name, organization_id=organization.pk, payload=payload, at=AT)


def test_an_event_is_sent_signed(organization: Organization, program: Program):
    """API-6: as the REST API shows the object, once, and only what was chosen."""
    endpoint, secret = make_endpoint(organization, url=program.url)
    product = make_product(organization)
    tell(organization, "product.activated", product=product.pk)
    tell(organization, "product.resumed", product=product.pk)
    drain_outbox(at=AT)
    assert drain_webhooks(at=AT) == 1
    assert drain_webhooks(at=LATER) == 0
    ((headers, body),) = program.got
    told = json.loads(body)
    assert (told["type"], told["timestamp"]) == ("product.activated", AT.isoformat().replace("+00:00", "Z"))
    assert (told["data"]["id"], told["data"]["plan"]["slug"]) == (product.pk, product.plan.slug)
    signed = f"{headers['webhook-id']}.{headers['webhook-timestamp']}.".encode() + body
    key = base64.b64decode(secret.removeprefix("whsec_"))
    wanted = base64.b64encode(hmac.new(key, signed, hashlib.sha256).digest()).decode()
    assert headers["webhook-signature"] == f"v1,{wanted}"
    message = message_of(endpoint)
    assert (message.status, message.tries, message.answered) == ("delivered", 1, 200)
    assert (message.message_id, message.log[0]["answer"]) == (headers["webhook-id"], "thank you")


def test_organizations_without_an_endpoint_cost_nothing(organization: Organization):
    """API-6: no row is written for who hears nothing."""
    other = make_tenant()
    make_endpoint(organization)
    for one in (organization, other):
        tell(one, "product.activated", product=make_product(one).pk)
    drain_outbox(at=AT)
    writes = Delivery.objects.using("system").filter(handler__endswith="write_messages")
    assert {row.organization_id for row in writes} == {organization.pk}
    assert WebhookMessage.objects.using("system").count() == 1


def test_two_secrets_sign_for_a_day(organization: Organization, program: Program):
    """API-6: signed as of the moment of sending, as receivers check it."""
    endpoint, _secret = make_endpoint(organization, url=program.url)
    make_message(endpoint)
    with tenant_scope(organization.pk):
        rotate_secret(endpoint=endpoint, can=ALL, actor=ACTOR, at=now())
    drain_webhooks(at=AT)
    WebhookEndpoint.objects.using("system").filter(pk=endpoint.pk).update(former_until=now())
    make_message(endpoint)
    drain_webhooks(at=AT)
    signatures = [headers["webhook-signature"].split(" ") for headers, _body in program.got]
    assert [len(found) for found in signatures] == [2, 1]


def test_what_fails_is_tried_again_until_it_is_given_up(organization: Organization, program: Program):
    """API-6: for three days; then the endpoint is disabled, and its administrators hear of it."""
    make_member(organization, Role.ADMINISTRATOR)
    endpoint, _secret = make_endpoint(organization, url=program.url)
    message = make_message(endpoint)
    program.statuses = [500] * MOST_TRIES
    at = AT
    for tries in range(1, MOST_TRIES + 1):
        assert drain_webhooks(at=at) == 1
        assert drain_webhooks(at=at) == 0
        message = message_of(endpoint)
        assert message.tries == tries
        if tries < MOST_TRIES:
            assert DELAYS[tries - 1] <= message.due_at - at < DELAYS[tries - 1] * 2
            assert endpoint_now(endpoint).status == "enabled"
            at = message.due_at
    assert (message.status, message.answered, len(message.log)) == ("failed", 500, MOST_TRIES)
    assert set(program.ids) == {message.message_id}
    found = endpoint_now(endpoint)
    assert (found.status, found.disabled_by, found.disabled_at) == ("disabled", "failures", at)
    drain_outbox(at=at)
    mails = OutgoingMail.objects.using("system").filter(template="webhook_disabled")
    assert mails.count() == 2
    assert all(program.url in mail.text and program.url in mail.html for mail in mails)
    audit = AuditEvent.objects.using("system").get(name="webhook.disabled")
    assert (audit.actor_kind, audit.data["why"]) == ("system", "failures")


def test_one_success_begins_the_three_days_anew(organization: Organization, program: Program):
    """API-6"""
    endpoint, _secret = make_endpoint(organization, url=program.url)
    make_message(endpoint)
    program.statuses = [500, 204]
    drain_webhooks(at=AT)
    found = endpoint_now(endpoint)
    assert (found.failing_since, found.failures) == (AT, 1)
    drain_webhooks(at=AT + timedelta(minutes=2))
    found = endpoint_now(endpoint)
    assert (found.failing_since, found.failures, message_of(endpoint).status) == (None, 0, "delivered")


def test_an_endpoint_that_is_gone_is_disabled_at_once(organization: Organization, program: Program):
    """API-6: 410; what waits is given up."""
    endpoint, _secret = make_endpoint(organization, url=program.url)
    make_message(endpoint)
    make_message(endpoint)
    program.statuses = [410]
    assert drain_webhooks(at=AT) == 1
    found = endpoint_now(endpoint)
    assert (found.status, found.disabled_by) == ("disabled", "gone")
    states = WebhookMessage.objects.using("system").values_list("status", flat=True)
    assert (list(states), len(program.got)) == (["failed", "failed"], 1)


def test_a_slow_endpoint_holds_no_other_up(organization: Organization, program: Program):
    """API-6: it has one message under way, whatever waits for it, and the others go on meanwhile."""
    slow, _secret = make_endpoint(organization, url=program.url)
    for _ in range(3):
        make_message(slow)
    holds = program.holds = threading.Event()
    with running_program() as quick:
        other, _secret = make_endpoint(organization, url=quick.url)
        for _ in range(5):
            make_message(other)

        def release(point: str, _organization: int | None) -> None:
            # The fifth answer of the quick one is here while the slow one still has its first message.
            if point == "webhooks.sent" and len(quick.got) == 5 and not holds.is_set():
                assert len(program.got) == 1
                holds.set()

        with watching(release):
            assert drain_webhooks(at=AT) == 8
    assert (len(quick.got), len(program.got)) == (5, 3)


def test_who_does_not_answer_rests(organization: Organization):
    """API-6: its other messages do not cost a wait each."""
    endpoint, _secret = make_endpoint(organization, url="http://127.0.0.1:1/")
    make_message(endpoint)
    make_message(endpoint)
    assert drain_webhooks(at=AT) == 1
    assert drain_webhooks(at=AT + REST / 2) == 0
    assert drain_webhooks(at=AT + REST) == 1


class WorkerKilled(BaseException):
    """Stands for the end of the process."""


def test_a_worker_killed_after_sending_sends_again_with_the_same_id(
    organization: Organization, program: Program
):
    """API-6: at least once; a receiver knows it by the `webhook-id`."""
    endpoint, _secret = make_endpoint(organization, url=program.url)
    make_message(endpoint)

    def kill(point: str, _organization: int | None) -> None:
        if point == "webhooks.sent":
            raise WorkerKilled

    with pytest.raises(WorkerKilled), watching(kill):
        drain_webhooks(at=AT)
    assert message_of(endpoint).status == "waiting"
    assert drain_webhooks(at=AT) == 0
    assert drain_webhooks(at=AT + LEASE) == 1
    assert len(program.got) == 2
    assert len(set(program.ids)) == 1
    assert message_of(endpoint).status == "delivered"


def test_an_answer_that_comes_after_the_lease_changes_nothing(organization: Organization, program: Program):
    """API-6: a worker that was frozen comes back when another one has the message."""
    endpoint, _secret = make_endpoint(organization, url=program.url)
    make_message(endpoint)
    seen: list[str] = []

    def overtake(point: str, _organization: int | None) -> None:
        if point == "webhooks.sent" and not seen:
            seen.append(point)
            assert drain_webhooks(at=AT + LEASE) == 1

    program.statuses = [500, 200]
    with watching(overtake):
        assert drain_webhooks(at=AT) == 0
    message = message_of(endpoint)
    assert (message.status, message.tries, len(message.log)) == ("delivered", 2, 1)


def test_what_cannot_be_noted_stops_no_other(
    organization: Organization, program: Program, caplog: pytest.LogCaptureFixture
):
    """API-6: the others are sent and noted all the same, and this one is sent again after its lease."""
    endpoint, _secret = make_endpoint(organization, url=program.url)
    make_message(endpoint)

    def break_off(point: str, organization_id: int | None) -> None:
        if point == "webhooks.sent" and organization_id == organization.pk:
            raise OperationalError("The connection is gone.")

    with running_program() as other_program:
        other, _secret = make_endpoint(make_tenant(), url=other_program.url)
        for _ in range(3):
            make_message(other)
        with watching(break_off):
            assert drain_webhooks(at=AT) == 3
    assert len(other_program.got) == 3
    assert "could not be noted" in caplog.text
    assert drain_webhooks(at=AT + LEASE) == 1
    assert len(set(program.ids)) == 1


def test_a_long_run_leaves_the_rest_to_the_next(
    organization: Organization, program: Program, monkeypatch: pytest.MonkeyPatch
):
    """API-6: its leases count from its beginning; what it took much later would be taken from it at once."""
    endpoint, _secret = make_endpoint(organization, url=program.url)
    for _ in range(3):
        make_message(endpoint)
    monkeypatch.setattr(periodic, "CLAIMING_SECONDS", 0)
    assert drain_webhooks(at=AT) == 1
    assert len(program.got) == 1
    monkeypatch.undo()
    assert drain_webhooks(at=AT) == 2
