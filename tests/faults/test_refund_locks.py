"""Whatever touches a paid invoice takes it before the accounts: nobody deadlocks (BIL-14, BIL-16)."""

from billing.gateway.vocabulary import ChargeResult, ChargeState, RefundResult, RefundState
from billing.invoices.models import CreditNote
from billing.ledger.models import AccountKind
from billing.payments.models import Way
from billing.payments.services.begin import Plan, begin_payment
from billing.payments.services.settle import settle_attempt
from billing.payments.status import AttemptStatus
from billing.refunds.services import refund_invoice, settle_refund
from billing.refunds.services.refund import Destination, Wish
from billing.refunds.status import RefundStatus
from manager.kit.scope import tenant_scope
from tests.factories.billing import make_invoice, pay_invoice
from tests.factories.cast import make_tenant
from tests.factories.payments import ACTOR, entries_of, fill_prepaid, now
from tests.factories.products import reread
from tests.faults.waiting import holding

FAILED = RefundResult(state=RefundState.FAILED)


def test_a_refund_and_a_late_charge_of_its_invoice_both_end(superuser_connection):
    """BIL-14, BIL-16: the charge waits for the invoice first, and then for the accounts."""
    organization = make_tenant()
    fill_prepaid(organization, 5_000)
    invoice = make_invoice(organization)
    with tenant_scope(organization.pk):
        plan = Plan(way=Way.CHECKOUT, gateway="stripe")
        late = begin_payment(invoice=invoice, plan=plan, actor=ACTOR, at=now())
    pay_invoice(invoice)
    wish = Wish({}, 1_000, Destination.PREPAID, "Goodwill")
    with tenant_scope(organization.pk):
        refund = refund_invoice(
            invoice=reread(invoice, organization), wish=wish, key="1", actor=ACTOR, at=now()
        )

    def charge():
        with tenant_scope(organization.pk):
            told = ChargeResult(state=ChargeState.SUCCEEDED, reference="pi_late", amount=late.money)
            settle_attempt(attempt=late, result=told, actor=ACTOR, at=now())

    def give_back():
        with tenant_scope(organization.pk):
            settle_refund(refund=refund, result=FAILED, actor=ACTOR, at=now())

    with holding(superuser_connection, "billing_invoice", invoice.pk) as queue:
        queue.add(charge)
        queue.add(give_back)
    assert queue.raised == [None, None]
    assert reread(late, organization).status == AttemptStatus.SUCCEEDED
    assert reread(refund, organization).status == RefundStatus.KEPT
    with tenant_scope(organization.pk):
        assert CreditNote.objects.get().total_amount == 1_000
    assert sum(entries_of(organization, AccountKind.PREPAID)) == 5_000 + late.amount + 1_000
