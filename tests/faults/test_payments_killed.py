"""A process that pays is killed in each gap between the steps; the janitor pays once (BIL-16)."""

import os
import signal
import subprocess
import sys
from datetime import timedelta

import pytest

from billing.invoices.status import InvoiceStatus
from billing.ledger.models import AccountKind
from billing.payments.models import PaymentAttempt
from billing.payments.periodic import drain_stale_attempts
from billing.payments.status import AttemptStatus
from manager.kit.scope import tenant_scope
from products.inventory.status import ProductStatus
from tests.environment import ROOT
from tests.factories.cast import make_tenant
from tests.factories.payments import (
    entries_of,
    make_method,
    make_order_invoice,
    now,
    open_checkout,
    provider,
)
from tests.factories.products import reread

TAKE_OVER = timedelta(seconds=121)


def run_and_die(point, *arguments):
    """Run a payment in a process of its own that is killed at `point`."""
    done = subprocess.run(
        [sys.executable, "-m", "tests.faults.pay_and_die", *map(str, arguments)],
        cwd=ROOT,
        env={**os.environ, "DIE_AT": point},
        capture_output=True,
        text=True,
        check=False,
        timeout=300,
    )
    assert done.returncode == -signal.SIGKILL, done.stderr[-2000:]


def only_attempt(organization):
    with tenant_scope(organization.pk):
        return PaymentAttempt.objects.get()


@pytest.mark.parametrize("point", ["before_call", "after_call", "before_commit"])
def test_a_killed_charge_is_made_once_and_settled_once(psp, point):
    """BIL-16: nobody touches it under its lease; afterwards the provider is asked before any new call."""
    organization = make_tenant()
    method = make_method(organization)
    invoice, product = make_order_invoice(organization)
    run_and_die(point, "charge", organization.pk, invoice.pk, method.pk)
    charged = len(provider().charges())
    assert charged == (0 if point == "before_call" else 1)
    assert reread(invoice, organization).status == InvoiceStatus.DRAFT

    assert drain_stale_attempts(at=now()) == 0
    assert drain_stale_attempts(at=now() + TAKE_OVER) == 1
    assert drain_stale_attempts(at=now() + 2 * TAKE_OVER) == 0

    assert only_attempt(organization).status == AttemptStatus.SUCCEEDED
    assert reread(invoice, organization).status == InvoiceStatus.PAID
    assert reread(product, organization).status == ProductStatus.ACTIVE
    assert len(provider().charges()) == 1
    assert entries_of(organization, AccountKind.PROVIDER) == [-invoice.total_amount]


@pytest.mark.parametrize("point", ["before_call", "after_call"])
def test_a_killed_opening_of_a_page_is_found_again(psp, point):
    """BIL-16: the person, or the janitor, meets one page."""
    organization = make_tenant()
    invoice, _ = make_order_invoice(organization)
    run_and_die(point, "start", organization.pk, invoice.pk)
    drain_stale_attempts(at=now() + TAKE_OVER)
    attempt = only_attempt(organization)
    assert (attempt.status, bool(attempt.redirect_url)) == (AttemptStatus.REQUIRES_ACTION, True)
    assert open_checkout(invoice).pk == attempt.pk
    assert len(provider().get("/v1/checkout/sessions?limit=100")["data"]) == 1


@pytest.mark.parametrize("point", ["before_look", "after_look", "before_commit"])
def test_a_killed_look_at_a_paid_page_is_made_again(psp, point):
    """BIL-16: the return page or the message's handler dies."""
    organization = make_tenant()
    invoice, _ = make_order_invoice(organization)
    attempt = open_checkout(invoice)
    provider().pay_checkout(attempt.redirect_url)
    run_and_die(point, "refresh", organization.pk, attempt.pk)
    assert reread(attempt, organization).status == AttemptStatus.REQUIRES_ACTION
    drain_stale_attempts(at=now() + TAKE_OVER)
    assert reread(attempt, organization).status == AttemptStatus.SUCCEEDED
    assert len(provider().charges()) == 1
    assert entries_of(organization, AccountKind.PROVIDER) == [-invoice.total_amount]
