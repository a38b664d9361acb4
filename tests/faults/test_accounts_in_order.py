"""Whatever moves money takes an organization's accounts in one order: nobody waits for each other (BIL-15)."""

from billing.invoices.status import InvoiceStatus
from billing.ledger.models import Account, AccountKind
from billing.withdrawals.models import PayoutMeans
from billing.withdrawals.services import Destination, request_withdrawal
from manager.kit.money import Money
from manager.kit.scope import tenant_scope
from tests.factories.billing import ACTOR, AT, make_invoice, pay_invoice
from tests.factories.cast import make_tenant
from tests.factories.payments import entries_of, fill_prepaid
from tests.factories.products import reread
from tests.faults.waiting import holding

BANK = Destination(PayoutMeans.IBAN, "Example", iban="CH93 0076 2011 6238 5295 7")


def test_a_payment_and_a_withdrawal_do_not_wait_for_each_other(superuser_connection):
    """BIL-15: one has the accounts up to the provider's, the other begins with what is owed."""
    organization = make_tenant()
    fill_prepaid(organization, 5_000)
    pay_invoice(make_invoice(organization))
    invoice = make_invoice(organization)
    with tenant_scope(organization.pk):
        held = Account.objects.get(kind=AccountKind.PROVIDER).pk

    def withdraw():
        with tenant_scope(organization.pk):
            request_withdrawal(
                organization=organization, money=Money(1_000, "CHF"), destination=BANK, actor=ACTOR, at=AT
            )

    with holding(superuser_connection, "billing_account", held) as queue:
        queue.add(withdraw)
        queue.add(lambda: pay_invoice(invoice))
    assert queue.raised == [None, None]
    assert reread(invoice, organization).status == InvoiceStatus.PAID
    assert entries_of(organization, AccountKind.PAYOUTS) == [1_000]
