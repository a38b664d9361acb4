"""Whatever moves money takes the accounts of its organization in one order: nobody deadlocks (BIL-15)."""

from django.db import transaction

from billing.invoices.services import NotPayable
from billing.invoices.status import InvoiceStatus
from billing.ledger.models import Account, AccountKind
from billing.ledger.services import post_journal
from billing.reservations.services import reserve_transfer
from billing.to_pay.services import compose_selection
from billing.withdrawals.models import PayoutMeans
from billing.withdrawals.services import Destination, request_withdrawal
from manager.kit.money import Money
from manager.kit.scope import tenant_scope
from organizations.profile.models import Organization
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


def test_drafts_are_taken_before_what_was_set_aside_for_them(superuser_connection):
    """BIL-2: one draft gives its part of a transfer back while another is being paid."""
    organization = make_tenant()
    pay_invoice(make_invoice(organization))
    fill_prepaid(organization, 5_000)
    begun, other = make_invoice(organization), make_invoice(organization)
    with tenant_scope(organization.pk):
        reserve_transfer(invoice=begun, money=Money(1_000, "CHF"), key="bank:1", actor=ACTOR, at=AT)
        held = Account.objects.get(kind=AccountKind.BANK).pk

    def compose():
        with tenant_scope(organization.pk):
            compose_selection(
                organization=organization,
                choices=[],
                invoice_ids=[begun.pk, other.pk],
                actor=ACTOR,
                at=AT,
            )

    with holding(superuser_connection, "billing_account", held) as queue:
        queue.add(compose)
        queue.add(lambda: pay_invoice(other))
    assert queue.raised[0] is None
    assert isinstance(queue.raised[1], NotPayable)
    assert sum(entries_of(organization, AccountKind.PREPAID)) == 6_000


def test_the_very_first_accounts_are_opened_by_two_at_once(superuser_connection):
    """BIL-15: each posts twice in its transaction, in the opposite order of the other one."""
    organization = make_tenant()

    def move(reference, *steps):
        with tenant_scope(organization.pk), transaction.atomic():
            for number, (gives, takes) in enumerate(steps):
                post_journal(
                    organization=organization,
                    reference=f"{reference}:{number}",
                    kind="top_up",
                    currency="CHF",
                    entries=[(gives, -100), (takes, 100)],
                    at=AT,
                )
                Organization.objects.select_for_update().get(pk=organization.pk)

    first = (AccountKind.RECEIVABLE, AccountKind.REVENUE), (AccountKind.PROVIDER, AccountKind.BANK)
    other = (AccountKind.PROVIDER, AccountKind.PREPAID), (AccountKind.RECEIVABLE, AccountKind.BANK)
    with holding(superuser_connection, "organizations_organization", organization.pk) as queue:
        queue.add(lambda: move("first", *first))
        queue.add(lambda: move("other", *other))
    assert queue.raised == [None, None]
    assert entries_of(organization, AccountKind.BANK) == [100, 100]
    with tenant_scope(organization.pk):
        assert set(Account.objects.values_list("kind", flat=True)) == set(AccountKind.values)
