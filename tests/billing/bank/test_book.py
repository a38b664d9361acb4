"""What becomes of money that arrives: paid, part, too much, too late, balance, taken back (BIL-17)."""

import pytest

from billing.bank.models import BankReceipt, StatementEntry
from billing.bank.services import BalanceTooSmall, EntryClosed, book_entry, take_back_transfer
from billing.bank.status import EntryStatus, Received, Why
from billing.invoices.models import Invoice
from billing.invoices.services import cancel_invoice
from billing.invoices.status import InvoiceStatus
from billing.ledger.models import Account, Journal
from billing.proof.services import find_differences
from manager.kit.scope import tenant_scope
from tests.factories.bank import bring, line, make_bank, only_entry, reference_to
from tests.factories.billing import ACTOR, AT, make_invoice
from tests.factories.cast import make_person, make_tenant


@pytest.fixture
def bank():
    return make_bank()


@pytest.fixture
def organization():
    return make_tenant(make_person())


def balances(organization):
    with tenant_scope(organization.pk):
        rows = Account.objects.filter(organization_id=organization.pk).exclude(balance=0)
        return dict(rows.values_list("kind", "balance"))


def reread(invoice):
    with tenant_scope(invoice.organization_id):
        return Invoice.objects.get(organization_id=invoice.organization_id, pk=invoice.pk)


def receipts(organization):
    with tenant_scope(organization.pk):
        return list(BankReceipt.objects.filter(organization_id=organization.pk).order_by("pk"))


def test_exactly_what_is_due_pays_the_invoice_once(bank, organization):
    """BIL-16: by the verb of every other payment; the file again changes nothing."""
    invoice = make_invoice(organization)
    reference = reference_to("invoice", invoice.pk, entity=bank)
    paid = line(invoice.total_amount, reference, bank_reference="B1", name="Example AG")
    assert bring(paid).entries == 1
    entry = only_entry()
    assert (entry.status, entry.why, entry.confidence) == (EntryStatus.BOOKED, Why.QR_REFERENCE, 100)
    settled = reread(invoice)
    assert (settled.status, settled.paid_with, bool(settled.number)) == ("paid", "Bank transfer", True)
    assert balances(organization)["bank"] == -invoice.total_amount
    assert bring(paid).is_new is False
    assert bring(paid, kind="camt.053", version="08", message_id="other").entries == 0
    with pytest.raises(EntryClosed):
        book_entry(entry=entry, organization_id=organization.pk, invoice_id=invoice.pk, actor=ACTOR, at=AT)
    assert [one.kind for one in receipts(organization)] == [Received.SETTLED]
    assert find_differences() == []


def test_parts_are_set_aside_until_the_sum_is_there(bank, organization):
    """BIL-17: the third one pays it, and what is over becomes balance."""
    invoice = make_invoice(organization)
    reference = reference_to("invoice", invoice.pk, entity=bank)
    bring(line(4_000, reference, bank_reference="P1"), line(5_000, reference, bank_reference="P2"))
    assert reread(invoice).status == InvoiceStatus.DRAFT
    assert balances(organization) == {"bank": -9_000, "reserved": 9_000}
    rest = invoice.total_amount - 9_000
    bring(line(rest + 250, reference, bank_reference="P3"))
    assert reread(invoice).status == InvoiceStatus.PAID
    assert balances(organization)["prepaid"] == 250
    assert "reserved" not in balances(organization)
    assert [(one.kind, one.to_invoice, one.to_balance) for one in receipts(organization)] == [
        (Received.PART, 4_000, 0),
        (Received.PART, 5_000, 0),
        (Received.SETTLED, rest, 250),
    ]
    assert find_differences() == []


def test_what_waits_for_nothing_any_more_becomes_balance_once(bank, organization):
    """BIL-16: paid already, and cancelled."""
    paid, cancelled = make_invoice(organization), make_invoice(organization)
    bring(line(paid.total_amount, reference_to("invoice", paid.pk, entity=bank), bank_reference="L0"))
    with tenant_scope(organization.pk):
        cancel_invoice(invoice=cancelled, actor=ACTOR, at=AT)
    bring(
        line(700, reference_to("invoice", paid.pk, entity=bank), bank_reference="L1"),
        line(800, reference_to("invoice", cancelled.pk, entity=bank), bank_reference="L2"),
    )
    assert balances(organization)["prepaid"] == 1_500
    assert [one.kind for one in receipts(organization)][1:] == [Received.BALANCE] * 2
    assert find_differences() == []


def test_charges_of_the_bank_are_a_cost_of_ours(bank, organization):
    """BIL-17: the customer paid the whole; the account got less."""
    invoice = make_invoice(organization)
    total = invoice.total_amount
    reference = reference_to("invoice", invoice.pk, entity=bank)
    bring(line(total - 150, reference, gross=total, charges=150, bank_reference="C1"))
    assert reread(invoice).status == InvoiceStatus.PAID
    found = balances(organization)
    assert (found["bank"], found["fees"]) == (-(total - 150), -150)
    assert find_differences() == []


def test_a_top_up_is_balance(bank, organization):
    """BIL-7: by the reference of the organization."""
    bring(line(5_000, reference_to("top_up", organization.pk, entity=bank), bank_reference="T1"))
    assert balances(organization) == {"bank": -5_000, "prepaid": 5_000}
    with tenant_scope(organization.pk):
        assert Journal.objects.get(organization_id=organization.pk).kind == "top_up"


def test_a_transfer_that_the_bank_took_back_comes_off_the_balance(bank, organization):
    """BIL-17: once, and never below zero."""
    reference = reference_to("top_up", organization.pk, entity=bank)
    bring(line(5_000, reference, bank_reference="T1", end_to_end="E1"))
    bring(line(5_000, reference, bank_reference="T2", end_to_end="E1", is_credit=False, is_reversal=True))
    back = StatementEntry.objects.get(is_reversal=True)
    assert (back.status, back.why) == (EntryStatus.WAITING, Why.REVERSAL)
    take_back_transfer(entry=back, actor=ACTOR, at=AT)
    assert balances(organization) == {}
    with pytest.raises(EntryClosed):
        take_back_transfer(entry=back, actor=ACTOR, at=AT)
    assert find_differences() == []


def test_a_transfer_whose_money_is_used_is_not_taken_back(bank, organization):
    """BIL-17: the invoice is paid; staff agree with the customer first."""
    invoice = make_invoice(organization)
    reference = reference_to("invoice", invoice.pk, entity=bank)
    total = invoice.total_amount
    bring(line(total, reference, bank_reference="T1"))
    bring(line(total, reference, bank_reference="T2", is_credit=False, is_reversal=True))
    back = StatementEntry.objects.get(is_reversal=True)
    with pytest.raises(BalanceTooSmall):
        take_back_transfer(entry=back, actor=ACTOR, at=AT)
    back.refresh_from_db()
    assert back.status == EntryStatus.WAITING
    assert len(receipts(organization)) == 1


def test_the_proof_knows_each_transfer(bank, organization, superuser_connection):
    """BIL-15: a receipt over another sum than the ledger's is told."""
    bring(line(5_000, reference_to("top_up", organization.pk, entity=bank), bank_reference="T1"))
    assert find_differences() == []
    with superuser_connection.transaction():
        superuser_connection.execute("SET LOCAL session_replication_role = replica")
        superuser_connection.execute("UPDATE billing_bankreceipt SET amount = 5001, to_balance = 5001")
    assert [(one.comparison, one.expected, one.actual) for one in find_differences()] == [
        ("transfers", 5_001, 5_000)
    ]
