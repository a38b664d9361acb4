"""A refund was made, and its money came back: the customer has it as balance (BIL-14)."""

from random import Random

from billing.ledger.models import AccountKind
from billing.payments.services import pay_with_method
from billing.proof.services import find_differences
from billing.refunds.models import Refund
from billing.refunds.periodic import drain_refunds
from billing.refunds.services.refund import Destination, Wish, refund_invoice
from billing.refunds.status import RefundStatus
from manager.kit.scope import tenant_scope
from tests.billing.webhooks.sending import send_all
from tests.factories.cast import make_tenant
from tests.factories.payments import ACTOR, entries_of, make_method, make_order_invoice, now, provider
from tests.factories.products import reread


def test_becomes_balance_however_often_it_is_told(psp):
    """BIL-14, INC-23: not while the refund stands, and once afterwards."""
    organization = make_tenant()
    invoice, _product = make_order_invoice(organization)
    with tenant_scope(organization.pk):
        pay_with_method(invoice=invoice, method=make_method(organization), actor=ACTOR, at=now())
        refund_invoice(
            invoice=reread(invoice, organization),
            wish=Wish(parts={}, amount=5_000, destination=Destination.MEANS, reason="Goodwill"),
            key="1",
            actor=ACTOR,
            at=now(),
        )
    drain_refunds(at=now())
    send_all(prefix="refund", times=1, chance=Random(1))
    assert entries_of(organization, AccountKind.PREPAID) == []
    with tenant_scope(organization.pk):
        refund = Refund.objects.get()
    provider().fail_refund(refund.reference)
    send_all(prefix="refund", times=3, chance=Random(2))
    assert entries_of(organization, AccountKind.PREPAID) == [5_000]
    assert entries_of(organization, AccountKind.PROVIDER) == [-invoice.total_amount, 5_000, -5_000]
    assert reread(refund, organization).status == RefundStatus.SUCCEEDED
    assert find_differences() == []
