"""Messages of the provider: checked, stored once, and one ledger entry whatever repeats (INC-22, INC-23)."""

import json
import random
import threading
import time
from datetime import timedelta

import pytest
from django.conf import settings
from django.core.management import call_command
from django.core.management.base import SystemCheckError
from django.test import Client

from billing.gateway.registry import gateway_for
from billing.invoices.status import InvoiceStatus
from billing.ledger.models import AccountKind
from billing.payments.periodic import drain_stale_attempts
from billing.payments.services import refresh_attempt
from billing.payments.status import AttemptStatus
from billing.webhooks.models import ProviderEvent
from billing.webhooks.periodic import drain_provider_events
from billing.webhooks.services import store_event
from manager.demo.psp.webhooks import sign
from manager.kit.scope import tenant_scope
from tests.factories.cast import make_tenant
from tests.factories.payments import (
    ACTOR,
    close_connections,
    entries_of,
    make_method,
    make_order_invoice,
    now,
    open_checkout,
    provider,
)
from tests.factories.products import reread
from tests.fixtures.waiting import wait_until

URL = "/webhooks/stripe/"


def events_of(kinds=("payment_intent.succeeded", "checkout.session.completed")):
    """Return the provider's own events, as it would send them."""
    found = provider().get("/v1/events?limit=100")["data"]
    return [event for event in found if event["type"] in kinds]


def send(event, *, secret=None, at=None, client=None):
    payload = json.dumps(event).encode()
    header = sign(payload, secret=secret or settings.STRIPE_WEBHOOK_SECRET, at=int(at or time.time()))
    return (client or Client()).post(
        URL, payload, content_type="application/json", headers={"Stripe-Signature": header}
    )


@pytest.fixture
def organization():
    return make_tenant()


@pytest.fixture
def attempt(psp, organization):
    invoice, _ = make_order_invoice(organization)
    attempt = open_checkout(invoice)
    attempt.invoice = invoice
    provider().pay_checkout(attempt.redirect_url)
    return attempt


def test_settles_without_the_person_coming_back(attempt, organization):
    """BIL-16: the message alone is enough."""
    answers = [send(event) for event in events_of()]
    assert {answer.status_code for answer in answers} == {200}
    assert reread(attempt, organization).status == AttemptStatus.SUCCEEDED
    assert reread(attempt.invoice, organization).status == InvoiceStatus.PAID


@pytest.mark.parametrize("case", ["none", "wrong", "old", "changed"])
def test_refuses_a_message_without_a_good_signature(attempt, organization, case):
    """INC-22: 400 and no row."""
    event = events_of()[0]
    if case == "none":
        answer = Client().post(URL, json.dumps(event), content_type="application/json")
    elif case == "wrong":
        answer = send(event, secret="whsec_other")
    elif case == "old":
        answer = send(event, at=time.time() - 301)
    else:
        payload = json.dumps(event).encode()
        header = sign(payload, secret=settings.STRIPE_WEBHOOK_SECRET, at=int(time.time()))
        answer = Client().post(
            URL, payload + b" ", content_type="application/json", headers={"Stripe-Signature": header}
        )
    assert answer.status_code == 400
    assert ProviderEvent.objects.count() == 0
    assert reread(attempt, organization).status == AttemptStatus.REQUIRES_ACTION


def test_refuses_what_is_no_message():
    """INC-22: too large, wrong method, unknown provider."""
    assert Client().post(URL, b"x" * 300_000, content_type="application/json").status_code == 413
    assert Client().get(URL).status_code == 405
    assert Client().post("/webhooks/nobody/", b"{}", content_type="application/json").status_code == 404


def test_does_not_start_without_the_secret(settings):
    """INC-22: a missing secret is an error of the set-up, never an open door."""
    settings.STRIPE_WEBHOOK_SECRET = ""
    settings.GATEWAYS = {
        name: dict(value) if isinstance(value, dict) else value for name, value in settings.GATEWAYS.items()
    }
    for value in settings.GATEWAYS.values():
        if isinstance(value, dict):
            value["webhook_secret"] = ""
    with pytest.raises(SystemCheckError):
        call_command("check", tags=["security"])


def test_makes_one_entry_of_any_number_of_messages(attempt, organization):
    """INC-23: each 1 to 5 times, shuffled, at once with the person coming back."""
    chance = random.Random(7)
    work = [event for event in events_of() for _ in range(chance.randint(2, 5))]
    jobs = [lambda event=event: send(event).status_code for event in work]
    jobs += [lambda: come_back(attempt, organization)] * 4
    chance.shuffle(jobs)
    seen = run_together(jobs)
    assert set(seen) <= {200, AttemptStatus.SUCCEEDED, AttemptStatus.REQUIRES_ACTION}
    assert ProviderEvent.objects.count() == len(events_of())
    assert reread(attempt, organization).status == AttemptStatus.SUCCEEDED
    assert entries_of(organization, AccountKind.PROVIDER) == [-attempt.amount]


def come_back(attempt, organization):
    with tenant_scope(organization.pk):
        return refresh_attempt(attempt=attempt, actor=ACTOR, at=now()).status


def run_together(jobs):
    """Run each job in a thread of its own, all at once, and return what they gave."""
    start = threading.Barrier(len(jobs))
    seen: list[object] = []

    def work(job):
        try:
            start.wait()
            seen.append(job())
        except Exception as error:  # noqa: BLE001  (the test shows what came)
            seen.append(error)
        finally:
            close_connections()

    threads = [threading.Thread(target=work, args=(job,)) for job in jobs]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return seen


def test_a_message_that_could_not_be_handled_is_tried_again(attempt, organization):
    """BIL-16: stored is stored; the periodic drain acts on it later."""
    provider().faults(
        {
            "match": {"method": "GET", "path": "/v1/checkout/sessions/*"},
            "kind": "error_500_before",
            "times": 50,
        }
    )
    event = events_of(("payment_intent.succeeded",))[0]
    assert send(event).status_code == 200
    assert reread(attempt, organization).status == AttemptStatus.REQUIRES_ACTION
    provider().faults()
    drain_provider_events(at=now() + timedelta(minutes=5))
    drain_stale_attempts(at=now() + timedelta(minutes=5))
    assert reread(attempt, organization).status == AttemptStatus.SUCCEEDED


def test_a_stored_message_is_found_after_a_crash(attempt, organization):
    """BIL-16: stored, and the process killed before it acted."""
    event = events_of(("payment_intent.succeeded",))[0]
    payload = json.dumps(event).encode()
    header = sign(payload, secret=settings.STRIPE_WEBHOOK_SECRET, at=int(time.time()))
    parsed = gateway_for("stripe").parse_webhook(payload=payload, signature=header)
    store_event(gateway="stripe", event=parsed, at=now())
    assert drain_provider_events(at=now()) == 1
    assert drain_provider_events(at=now()) == 0
    assert reread(attempt, organization).status == AttemptStatus.SUCCEEDED


def test_follows_a_replaced_card(psp, organization, site):
    """BIL-9: the network tells the new expiry."""
    method = make_method(organization)
    psp.deliver_to(site.address(URL))
    provider().set_means(method.reference, exp_month=5, exp_year=2039)
    wait_until(lambda: reread(method, organization).expiry_year == 2039)
    assert reread(method, organization).expiry_month == 5


def test_hears_the_real_provider(psp, organization, site):
    """INC-23: delivered by the sandbox over HTTP, duplicated and shuffled."""
    psp.deliver_to(site.address(URL))
    provider().faults({"match": {"type": "*"}, "kind": "webhook_duplicate", "times": 20})
    invoice, _ = make_order_invoice(organization)
    attempt = open_checkout(invoice)
    provider().pay_checkout(attempt.redirect_url)
    wait_until(lambda: provider().webhooks_waiting() == 0)
    assert reread(attempt, organization).status == AttemptStatus.SUCCEEDED
    assert entries_of(organization, AccountKind.PROVIDER) == [-attempt.amount]
