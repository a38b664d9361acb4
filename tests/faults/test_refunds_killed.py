"""A worker that gives money back is killed between the steps; it goes back once (BIL-16)."""

import os
import signal
import subprocess
import sys
from datetime import timedelta

import pytest

from billing.holds.services import refuse_hold, release_hold
from billing.holds.services.decide import HoldDecided
from billing.holds.status import Decision, HoldStatus
from billing.invoices.models import CreditNote
from billing.ledger.models import AccountKind
from billing.refunds.models import Refund
from billing.refunds.periodic import drain_refunds
from billing.refunds.status import RefundStatus
from manager.kit.scope import tenant_scope
from manager.outbox.relay import drain_outbox
from tests.environment import ROOT
from tests.factories.cast import make_tenant
from tests.factories.holds import STAFF, charge_order, hold_of, make_hold, place, switch_on
from tests.factories.payments import entries_of, now, provider
from tests.factories.together import all_at_once, at_once

TAKE_OVER = timedelta(seconds=121)


def run_and_die(point):
    """Run the refunds in a process of its own that is killed at `point`."""
    done = subprocess.run(
        [sys.executable, "-m", "tests.faults.refund_and_die"],
        cwd=ROOT,
        env={**os.environ, "DIE_AT": point},
        capture_output=True,
        text=True,
        check=False,
        timeout=300,
    )
    assert done.returncode == -signal.SIGKILL, done.stderr[-2000:]


def refused_order():
    """Return an organization with an order that was charged, held and refused."""
    switch_on()
    organization = make_tenant()
    order = place(organization)
    charge_order(order, organization)
    with tenant_scope(organization.pk):
        refuse_hold(hold=hold_of(order), decision=Decision.STAFF, reason="Stolen", actor=STAFF, at=now())
    return organization, order


def given_back():
    """Return the refunds that the provider has made."""
    return [row["amount"] for row in provider().get("/v1/refunds?limit=100")["data"]]


@pytest.mark.parametrize("point", ["before_refund", "after_refund", "before_commit"])
def test_a_killed_refund_is_made_once_and_settled_once(psp, point):
    """PRD-5, BIL-16: nobody touches it under its lease; then the provider is asked before any new call."""
    organization, order = refused_order()
    run_and_die(point)
    total = order.invoice.total_amount
    assert given_back() == ([] if point == "before_refund" else [total])
    assert drain_refunds(at=now()) == 0
    assert drain_refunds(at=now() + TAKE_OVER) == 1
    assert drain_refunds(at=now() + 2 * TAKE_OVER) == 0
    drain_outbox(at=now() + 2 * TAKE_OVER)

    assert Refund.objects.using("system").get().status == RefundStatus.SUCCEEDED
    assert given_back() == [total]
    assert entries_of(organization, AccountKind.PROVIDER) == [-total, total]
    assert hold_of(order).status == HoldStatus.REFUNDED
    with tenant_scope(organization.pk):
        assert CreditNote.objects.count() == 1


def test_any_number_of_drains_give_back_once(psp):
    """BIL-16: each refund is taken by one of them."""
    organization, order = refused_order()
    done = all_at_once(*(lambda: drain_refunds(at=now()) for _ in range(4)))
    assert sum(done) == 1
    assert given_back() == [order.invoice.total_amount]
    assert entries_of(organization, AccountKind.PROVIDER)[1:] == [order.invoice.total_amount]


def test_released_and_refused_at_once_is_one_of_both():
    """PRD-5: of several who decide at once, one wins."""
    organization = make_tenant()
    hold = make_hold(organization)
    verbs = iter([release_hold, refuse_hold, release_hold, refuse_hold])

    def decide():
        verb = next(verbs)
        with tenant_scope(organization.pk):
            verb(hold=hold, decision=Decision.STAFF, reason="Seen", actor=STAFF, at=now())

    assert at_once(4, decide, refusal=HoldDecided) == 1
    assert hold_of(hold.order).status in {HoldStatus.RELEASED, HoldStatus.REFUSED}
