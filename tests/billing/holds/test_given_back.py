"""What a refused order gives back: once, whoever gave a part of it before (PRD-5, BIL-14)."""

from datetime import timedelta
from random import Random

import pytest

from billing.holds.services import refuse_hold
from billing.holds.status import Decision, HoldStatus
from billing.invoices.models import CreditNote
from billing.ledger.models import AccountKind
from billing.payments.models import PaymentAttempt
from billing.payments.services import charge_off_session
from billing.prepaid.selectors import prepaid_balance
from billing.proof.services import find_differences
from billing.refunds.models import Refund
from billing.refunds.periodic import drain_refunds
from billing.refunds.services.refund import Destination, Wish, refund_invoice
from billing.refunds.status import RefundStatus
from manager.kit.scope import tenant_scope
from manager.outbox.relay import drain_outbox
from tests.billing.webhooks.sending import send_all
from tests.factories.cast import make_tenant
from tests.factories.holds import STAFF, charge_order, hold_of, place, switch_on
from tests.factories.orders import confirm_cart, fill_cart, reread_order
from tests.factories.payments import ACTOR, entries_of, fill_prepaid, make_method, now, provider
from tests.factories.promotions import make_code, put_in_cart


@pytest.fixture
def organization():
    return make_tenant()


def refuse(order):
    with tenant_scope(order.organization_id):
        refuse_hold(hold=hold_of(order), decision=Decision.STAFF, reason="Stolen", actor=STAFF, at=now())


def test_what_staff_gave_back_before_is_not_given_back_again(psp, organization):
    """BIL-14: a part of a held order went back by hand; its refusal gives back the rest."""
    switch_on()
    order = place(organization)
    charge_order(order, organization)
    drain_outbox(at=now())
    wish = Wish(parts={}, amount=1_000, destination=Destination.PREPAID, reason="Goodwill")
    with tenant_scope(organization.pk):
        refund_invoice(
            invoice=reread_order(order, organization).invoice, wish=wish, key="1", actor=STAFF, at=now()
        )
    refuse(order)
    drain_refunds(at=now())
    total = order.invoice.total_amount
    assert entries_of(organization, AccountKind.PROVIDER) == [-total, total - 1_000]
    assert entries_of(organization, AccountKind.PREPAID) == [1_000]
    assert find_differences() == []


@pytest.mark.parametrize("won", [True, False], ids=["won", "lost"])
def test_a_disputed_charge_is_given_back_once_by_whomever(psp, organization, won):
    """BIL-14: nothing while the bank looks into it; afterwards by the bank, or as balance, with one note."""
    switch_on()
    order = place(organization)
    charge_order(order, organization)
    drain_outbox(at=now())
    with tenant_scope(organization.pk):
        charge = PaymentAttempt.objects.get().charge_reference
    number = provider().dispute(charge)
    send_all(prefix="charge.dispute", times=1, chance=Random(1))
    refuse(order)
    drain_refunds(at=now())
    with tenant_scope(organization.pk):
        assert Refund.objects.get().status == RefundStatus.UNKNOWN
    provider().dispute(number, won=won)
    send_all(prefix="charge.dispute", times=1, chance=Random(2))
    drain_refunds(at=now() + timedelta(hours=7))
    drain_outbox(at=now() + timedelta(hours=8))

    total, vat = order.invoice.total_amount, order.invoice.tax_amount
    with tenant_scope(organization.pk):
        assert Refund.objects.get().status == (RefundStatus.KEPT if won else RefundStatus.SUCCEEDED)
        assert CreditNote.objects.get().total_amount == total
    assert hold_of(order).status == HoldStatus.REFUNDED
    assert sum(entries_of(organization, AccountKind.PREPAID)) == (total if won else 0)
    # The charge, less what the bank took; the fee of the dispute stays with the provider.
    fee = -sum(entries_of(organization, AccountKind.FEES))
    assert sum(entries_of(organization, AccountKind.PROVIDER)) == (-total if won else 0) + fee
    assert sum(entries_of(organization, AccountKind.REFUNDS)) == -(total - vat)
    assert sum(entries_of(organization, AccountKind.TAX)) == 0
    assert find_differences() == []


def test_a_discounted_order_goes_back_to_each_means_as_it_was_paid(psp, organization):
    """PRD-5, BIL-3, BIL-13: what the code took off is not given, what came from the balance is balance."""
    switch_on()
    fill_cart(organization)
    put_in_cart(organization, make_code())
    order = reread_order(confirm_cart(organization), organization)
    total, part = order.invoice.total_amount, 3_000
    assert total == 11_675  # 120.00 less 10 %, with VAT
    fill_prepaid(organization, part)
    with tenant_scope(organization.pk):
        charge_off_session(
            invoice=order.payable, method=make_method(organization), actor=ACTOR, at=now(), uses_balance=True
        )
    assert reread_order(order, organization).status == "held"
    refuse(order)
    drain_refunds(at=now())
    drain_outbox(at=now())
    assert sum(row["amount"] for row in provider().get("/v1/refunds?limit=100")["data"]) == total - part
    with tenant_scope(organization.pk):
        assert prepaid_balance(organization=organization).amount == part
        assert sum(CreditNote.objects.values_list("total_amount", flat=True)) == total
    assert not find_differences()
