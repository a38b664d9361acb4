"""Fifty renewals while the worker is killed ten times: each charged once, each extended once (BIL-16).

The worker, its broker, the database and the provider are real. Each kill comes while the provider holds a
charge, so that it hits those on their way, up to three; what the kills leave is cleared up after the lease.
"""

import time
from collections import Counter
from datetime import UTC, datetime, timedelta

from billing.invoices.models import Invoice
from billing.invoices.status import InvoiceStatus
from billing.ledger.models import AccountKind
from billing.payments.models import PaymentAttempt
from billing.payments.status import OPEN
from billing.renewals.models import RenewalPreference
from manager.celery import app
from manager.kit.clock import add_months
from manager.kit.scope import tenant_scope
from manager.outbox.models import OutgoingMail
from manager.schedule import tick
from tests.factories.billing import make_address
from tests.factories.cast import make_tenant
from tests.factories.outbox import is_drained
from tests.factories.payments import entries_of, make_method, provider
from tests.factories.products import make_plan, reread
from tests.factories.renewals import make_renewing
from tests.fixtures.waiting import wait_until

KILLS = 10
ORGANIZATIONS = 5
EACH = 10
CHARGE = {"method": "POST", "path": "/v1/payment_intents"}
# All but the first charge of a round are held for longer than a kill takes: each kill hits one under way.
HOLD_SECONDS = 5
HOLD = {"match": CHARGE, "times": None, "skip": 1, "kind": "delay", "ms": HOLD_SECONDS * 1000}
MISHAPS = {3: "answer_lost_after_success", 6: "error_500_after_success"}


def make_portfolio():
    """Return products that are due today, each with an address, and so an invoice, of its own."""
    plan = make_plan()
    started = datetime.now(UTC) + timedelta(days=14)
    begin = started.replace(year=started.year - 1) if (started.month, started.day) != (2, 29) else started
    portfolio = []
    for _ in range(ORGANIZATIONS):
        organization = make_tenant(time_zone="UTC")
        make_method(organization)
        for _ in range(EACH):
            product = make_renewing(organization, plan=plan, at=begin)
            address = make_address(organization)
            with tenant_scope(organization.pk):
                RenewalPreference.objects.create(organization=organization, product=product, address=address)
            portfolio.append((organization, product))
    return portfolio


def kill_ten_times(psp, worker):
    """Let the worker charge some, kill it while the provider holds one, start it again."""
    for number in range(1, KILLS + 1):
        mishap = MISHAPS.get(number)
        # The plan comes first: what the queue still held is worked at as soon as the worker is there.
        psp.plan_faults([{"match": CHARGE, "times": 1, "kind": mishap}, HOLD] if mishap else [HOLD])
        worker.start()
        app.send_task("manager.tick", ignore_result=True)
        app.send_task("manager.tick", ignore_result=True)
        wait_until(lambda: psp.faults_taken()[-1], seconds=120, else_say=psp.faults_taken)
        worker.kill()
    psp.plan_faults([])
    # What the provider still holds, it carries out: nobody waits for the answer any more.
    time.sleep(HOLD_SECONDS)


def test_every_renewal_is_charged_and_extended_once(psp, worker, monkeypatch):
    """BIL-16: the provider's journal, the invoices and the ledger say the same."""
    monkeypatch.setenv("CHARGES_AT_ONCE", "3")  # of the worker, as it is started
    # What is made nudges the worker: one that ran already would charge unharmed before the first kill.
    worker.kill()
    portfolio = make_portfolio()
    assert provider().charges() == []
    kill_ten_times(psp, worker)
    assert len(provider().charges()) < len(portfolio), "nothing was left to do after the kills"

    for minutes in (0, 3, 6, 9):
        tick(at=datetime.now(UTC) + timedelta(minutes=minutes))

    charges = provider().charges()
    per_invoice = Counter(entry["metadata"]["invoice"] for entry in charges)
    assert set(per_invoice.values()) == {1}
    assert len(per_invoice) == len(portfolio)

    for organization, product in portfolio:
        expected = add_months(product.expires_on, product.months, anchor=product.anchor_day)
        assert reread(product, organization).expires_on == expected
    invoices = list(Invoice.objects.using("system").all())
    assert {invoice.status for invoice in invoices} == {InvoiceStatus.PAID}
    numbers = sorted(int(invoice.number.rsplit("-", 1)[1]) for invoice in invoices)
    assert numbers == list(range(1, len(portfolio) + 1))

    taken = sum(entry["amount"] for entry in charges)
    posted = sum(
        sum(entries_of(organization, AccountKind.PROVIDER)) for organization in {row[0] for row in portfolio}
    )
    assert taken == sum(invoice.total_amount for invoice in invoices) == -posted
    check_that_nothing_is_left(len(portfolio))


def check_that_nothing_is_left(renewals):
    """Each fact was mailed once, and no attempt, event or delivery waits."""
    assert not PaymentAttempt.objects.using("system").filter(status__in=OPEN).exists()
    assert is_drained()
    mails = OutgoingMail.objects.using("system")
    assert mails.filter(template="invoice_paid").count() == renewals
    assert not mails.filter(template__in=["payment_failed", "payment_requires_action"]).exists()
