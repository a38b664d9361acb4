"""A hundred payments of one invoice at the same time, from everywhere: paid once (BIL-16)."""

import json
import threading
import time
from datetime import timedelta

from django.conf import settings
from django.test import Client
from django.urls import reverse

from billing.gateway.registry import gateway_for
from billing.invoices.status import InvoiceStatus
from billing.ledger.models import AccountKind
from billing.payments.errors import PaymentInProgress
from billing.payments.models import PaymentAttempt
from billing.payments.periodic import drain_stale_attempts
from billing.payments.services import charge_off_session, pay_from_prepaid, pay_with_method
from billing.payments.services.begin import take
from billing.payments.services.settle import settle_attempt
from billing.payments.status import AttemptStatus
from manager.demo.psp.webhooks import sign
from manager.kit.errors import DomainError
from manager.kit.scope import tenant_scope
from tests.factories.cast import client_of, make_person, make_tenant
from tests.factories.payments import (
    ACTOR,
    close_connections,
    entries_of,
    fill_prepaid,
    make_method,
    make_order_invoice,
    now,
    open_checkout,
    provider,
)
from tests.factories.products import reread


def run_together(jobs):
    """Run each job in a thread of its own, all at once, and return what they gave or refused."""
    start = threading.Barrier(len(jobs))
    seen: list[object] = []

    def work(job):
        try:
            start.wait()
            seen.append(job())
        except DomainError as error:
            seen.append(error.code)
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


def in_scope(organization, verb, **given):
    with tenant_scope(organization.pk):
        return verb(**given, actor=ACTOR, at=now()).status


def post_page(owner, invoice, choice):
    url = reverse("billing:pay_invoice", args=[invoice.organization_id, invoice.pk])
    return client_of(owner).post(url, {"choice": choice}).status_code


def post_event(event):
    payload = json.dumps(event).encode()
    header = sign(payload, secret=settings.STRIPE_WEBHOOK_SECRET, at=int(time.time()))
    return (
        Client()
        .post(
            reverse("billing:webhook", args=["stripe"]),
            payload,
            content_type="application/json",
            headers={"Stripe-Signature": header},
        )
        .status_code
    )


def assert_paid_once(organization, invoice, *, prepaid=0):
    """One charge or one payment from the balance; every further one would be on the prepaid account."""
    with tenant_scope(organization.pk):
        attempts = list(PaymentAttempt.objects.filter(invoice=invoice))
    assert reread(invoice, organization).status == InvoiceStatus.PAID, [str(a.status) for a in attempts]
    assert [attempt.status for attempt in attempts].count(AttemptStatus.SUCCEEDED) == 1
    assert not any(attempt.is_open for attempt in attempts)
    assert sum(entries_of(organization, AccountKind.RECEIVABLE)) == 0
    charged = sum(charge["amount"] for charge in provider().charges())
    from_prepaid = prepaid - sum(entries_of(organization, AccountKind.PREPAID))
    assert charged + from_prepaid == invoice.total_amount
    assert -sum(entries_of(organization, AccountKind.PROVIDER)) == charged


def test_a_hundred_at_once_are_one_payment(psp):
    """BIL-16: page, API's verb, renewal, prepaid account and the provider's messages, mixed."""
    owner = make_person()
    organization = make_tenant(owner)
    method = make_method(organization)
    invoice, _ = make_order_invoice(organization)
    fill_prepaid(organization, 100_000)
    attempt = open_checkout(invoice)
    events = provider().get("/v1/events?limit=100")["data"]
    jobs = []
    for _turn in range(20):
        jobs += [
            lambda: post_page(owner, invoice, f"method-{method.pk}"),
            lambda: in_scope(organization, pay_with_method, invoice=invoice, method=method),
            lambda: in_scope(organization, charge_off_session, invoice=invoice, method=method),
            lambda: in_scope(organization, pay_from_prepaid, invoice=invoice),
            lambda: post_event(
                {
                    **events[0],
                    "id": f"evt_{threading.get_ident()}",
                    "type": "payment_intent.succeeded",
                    "data": {
                        "object": {
                            "object": "payment_intent",
                            "id": "pi_x",
                            "metadata": {"organization": str(organization.pk), "attempt": str(attempt.pk)},
                        }
                    },
                }
            ),
        ]
    seen = run_together(jobs)
    assert not [answer for answer in seen if isinstance(answer, Exception)], seen
    drain_stale_attempts(at=now())
    if reread(invoice, organization).is_payable:
        # Each came while another one asked the provider about the open page, and was told to try again.
        assert PaymentInProgress.code in seen, seen
        in_scope(organization, pay_with_method, invoice=invoice, method=method)
    assert_paid_once(organization, invoice, prepaid=100_000)


def test_a_page_closed_by_one_who_was_overtaken_makes_room_for_the_next(psp):
    """BIL-16: two close an open page; the word of the earlier one holds, and it goes on to pay."""
    organization = make_tenant()
    method = make_method(organization)
    invoice, _ = make_order_invoice(organization)
    with tenant_scope(organization.pk):
        first = take(attempt=open_checkout(invoice), at=now())
        take(attempt=first, at=now())
        result = gateway_for(first.gateway).cancel(reference=first.reference, idempotency_key="first")
        closed = settle_attempt(attempt=first, result=result, actor=ACTOR, at=now())
        assert closed.status == AttemptStatus.CANCELLED
    in_scope(organization, pay_with_method, invoice=invoice, method=method)
    assert_paid_once(organization, invoice)


def test_a_page_that_is_paid_while_others_pay_is_one_payment(psp):
    """BIL-16: the person pays on the page while a hundred others try a saved card."""
    owner = make_person()
    organization = make_tenant(owner)
    method = make_method(organization)
    invoice, _ = make_order_invoice(organization)
    attempt = open_checkout(invoice)
    jobs = [
        lambda: in_scope(organization, pay_with_method, invoice=invoice, method=method) for _ in range(29)
    ]
    jobs.insert(3, lambda: provider().pay_checkout(attempt.redirect_url))
    seen = run_together(jobs)
    assert not [answer for answer in seen if isinstance(answer, Exception)], seen
    drain_stale_attempts(at=now() + timedelta(minutes=20))
    assert_paid_once(organization, invoice)


def test_a_hundred_payments_never_overdraw_the_balance(psp):
    """INC-24: a hundred invoices, money for ten."""
    organization = make_tenant()
    invoices = [make_order_invoice(organization)[0] for _ in range(100)]
    total = invoices[0].total_amount
    fill_prepaid(organization, total * 10 + 5)
    jobs = [lambda one=one: in_scope(organization, pay_from_prepaid, invoice=one) for one in invoices]
    seen = run_together(jobs)
    assert not [answer for answer in seen if isinstance(answer, Exception)], seen
    assert seen.count(AttemptStatus.SUCCEEDED) == 10
    assert sum(entries_of(organization, AccountKind.PREPAID)) == 5
