"""Answers of the provider that are lost, late, wrong or doubled: charged once, settled once (BIL-16)."""

from datetime import timedelta

import pytest

from billing.gateway.errors import GatewayUnavailable
from billing.gateway.vocabulary import ChargeResult, ChargeState
from billing.invoices.status import InvoiceStatus
from billing.ledger.models import AccountKind
from billing.payment_methods.models import PaymentMethod
from billing.payments.models import PaymentAttempt
from billing.payments.periodic import drain_stale_attempts
from billing.payments.services import (
    InvoiceNotPayable,
    charge_off_session,
    pay_with_method,
    refresh_attempt,
    settle_attempt,
)
from billing.payments.services.begin import take
from billing.payments.status import AttemptStatus
from manager.kit.scope import tenant_scope
from tests.factories.cast import make_tenant
from tests.factories.payments import (
    ACTOR,
    entries_of,
    make_method,
    make_order_invoice,
    now,
    open_checkout,
    provider,
)
from tests.factories.products import reread

CHARGE = {"method": "POST", "path": "/v1/payment_intents"}
LATER = timedelta(seconds=121)


def settle_all(organization):
    """Let the janitor work until nothing is due."""
    at = now()
    for _round in range(10):
        at += LATER
        if not drain_stale_attempts(at=at):
            return


# The call that hangs costs ten seconds each time, so it is tried once.
@pytest.mark.parametrize(
    ("verb", "kind", "times"),
    [
        (charge_off_session, "timeout_before", 1),
        *(
            (verb, kind, 2)
            for verb in (charge_off_session, pay_with_method)
            for kind in (
                "answer_lost_after_success",
                "error_500_after_success",
                "error_500_before",
                "rate_limited",
            )
        ),
    ],
)
def test_a_lost_answer_is_one_charge(psp, verb, kind, times):
    """BIL-16: nobody knows, so the provider is asked before anything is sent again."""
    organization = make_tenant()
    method = make_method(organization)
    invoice, _ = make_order_invoice(organization)
    provider().faults({"match": CHARGE, "kind": kind, "times": times})
    with tenant_scope(organization.pk):
        attempt = verb(invoice=invoice, method=method, actor=ACTOR, at=now())
        assert attempt.status == AttemptStatus.UNKNOWN
    settle_all(organization)
    provider().faults()
    settle_all(organization)
    assert reread(attempt, organization).status == AttemptStatus.SUCCEEDED
    assert reread(invoice, organization).status == InvoiceStatus.PAID
    assert len(provider().charges()) == 1
    assert entries_of(organization, AccountKind.PROVIDER) == [-invoice.total_amount]


def test_pressing_again_while_nobody_knows_is_one_charge(psp):
    """BIL-16: the person presses again instead of waiting for the janitor."""
    organization = make_tenant()
    method = make_method(organization)
    invoice, _ = make_order_invoice(organization)
    provider().faults({"match": CHARGE, "kind": "answer_lost_after_success"})
    with tenant_scope(organization.pk):
        pay_with_method(invoice=invoice, method=method, actor=ACTOR, at=now())
        with pytest.raises(InvoiceNotPayable):
            pay_with_method(invoice=invoice, method=method, actor=ACTOR, at=now())
    assert reread(invoice, organization).status == InvoiceStatus.PAID
    assert len(provider().charges()) == 1


def test_the_means_is_saved_later_when_it_could_not_be_read(psp):
    """BIL-10: the money is recorded first; the janitor saves the card and switches renewal on."""
    organization = make_tenant()
    invoice, product = make_order_invoice(organization)
    attempt = open_checkout(invoice)
    provider().pay_checkout(attempt.redirect_url)
    provider().faults(
        {"match": {"method": "GET", "path": "/v1/payment_methods/*"}, "kind": "error_500_before", "times": 1}
    )
    with tenant_scope(organization.pk):
        assert refresh_attempt(attempt=attempt, actor=ACTOR, at=now()).status == AttemptStatus.SUCCEEDED
        assert not PaymentMethod.objects.exists()
    settle_all(organization)
    with tenant_scope(organization.pk):
        assert PaymentMethod.objects.count() == 1
    assert reread(product, organization).auto_renew is True


def test_a_provider_out_of_order_leaves_nothing_behind_but_an_open_attempt(psp):
    """BIL-16."""
    organization = make_tenant()
    invoice, _ = make_order_invoice(organization)
    provider().faults(
        {
            "match": {"method": "POST", "path": "/v1/checkout/sessions"},
            "kind": "error_500_before",
            "times": 99,
        },
    )
    with pytest.raises(GatewayUnavailable):
        open_checkout(invoice)
    with tenant_scope(organization.pk):
        assert PaymentAttempt.objects.get().status == AttemptStatus.UNKNOWN
    settle_all(organization)
    provider().faults()
    drain_stale_attempts(at=now() + timedelta(hours=2))
    with tenant_scope(organization.pk):
        assert PaymentAttempt.objects.get().status == AttemptStatus.CANCELLED
    assert provider().charges() == []


def test_a_person_who_does_not_come_back_is_found_by_the_janitor(psp):
    """BIL-16: paid, and the browser closed; no message arrived either."""
    organization = make_tenant()
    invoice, _ = make_order_invoice(organization)
    attempt = open_checkout(invoice)
    provider().pay_checkout(attempt.redirect_url)
    assert drain_stale_attempts(at=now() + timedelta(minutes=11)) == 1
    assert reread(attempt, organization).status == AttemptStatus.SUCCEEDED
    assert reread(invoice, organization).status == InvoiceStatus.PAID


def test_a_stale_answer_changes_nothing(psp):
    """BIL-16: a worker that slept over its lease meets a newer fence."""
    organization = make_tenant()
    invoice, _ = make_order_invoice(organization)
    old = open_checkout(invoice)
    with tenant_scope(organization.pk):
        take(attempt=old, at=now())
        result = ChargeResult(state=ChargeState.FAILED, reference=old.reference)
        assert (
            settle_attempt(attempt=old, result=result, actor=ACTOR, at=now()).status
            == AttemptStatus.REQUIRES_ACTION
        )


def test_an_attempt_that_cannot_be_read_stops_no_other(psp):
    """BIL-16: the janitor logs it and goes on to the others."""
    organization = make_tenant()
    attempts = [open_checkout(make_order_invoice(organization)[0]) for _ in range(2)]
    provider().pay_checkout(attempts[1].redirect_url)
    with tenant_scope(organization.pk):
        PaymentAttempt.objects.filter(pk=attempts[0].pk).update(
            kinds=["shells"], reference="", status=AttemptStatus.UNKNOWN, customer_reference="cus_nobody"
        )
    drain_stale_attempts(at=now() + timedelta(minutes=11))
    assert reread(attempts[1], organization).status == AttemptStatus.SUCCEEDED
    assert reread(attempts[0], organization).is_open


def test_work_as_of_a_later_day_puts_no_payment_off(psp):
    """BIL-16: the janitor of today finds what one of next year has looked at."""
    organization = make_tenant()
    attempt = open_checkout(make_order_invoice(organization)[0])
    drain_stale_attempts(at=now() + timedelta(days=100))
    provider().pay_checkout(attempt.redirect_url)
    drain_stale_attempts(at=now())
    assert reread(attempt, organization).status == AttemptStatus.SUCCEEDED
