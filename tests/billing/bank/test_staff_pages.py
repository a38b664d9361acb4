"""The back office's pages of the bank: read files, propose, confirm, assign, set aside, undo (BIL-17)."""

from html import unescape

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from billing.bank.models import BankReceipt, EntryDecision, RefusedFile, Statement, StatementEntry
from billing.bank.rights import LOOK_AFTER_BANK
from billing.bank.status import EntryStatus, Why
from billing.invoices.models import Invoice
from billing.ledger.models import AccountKind
from billing.prepaid.selectors import prepaid_balance
from billing.proof.services import find_differences
from billing.withdrawals.models import PayoutMeans
from billing.withdrawals.services import (
    Destination,
    approve_withdrawal,
    make_batch,
    pay_withdrawal,
    request_withdrawal,
)
from manager.demo.bank.writer import write_camt
from manager.kit.actor import Actor, ActorKind
from manager.kit.money import Money
from manager.kit.scope import tenant_scope
from manager.outbox.models import OutgoingMail
from manager.outbox.relay import drain_outbox
from organizations.audit.models import AuditEvent
from tests.factories.bank import IBAN, bring, line, make_bank, only_entry, reference_to
from tests.factories.billing import ACTOR, AT, make_invoice
from tests.factories.cast import make_person, make_tenant
from tests.factories.identity import make_staff, staff_client
from tests.factories.payments import entries_of, fill_prepaid, now


@pytest.fixture
def bank():
    return make_bank()


@pytest.fixture
def organization():
    return make_tenant(make_person())


@pytest.fixture
def staff():
    return staff_client(make_staff(LOOK_AFTER_BANK))


def reread(invoice):
    with tenant_scope(invoice.organization_id):
        return Invoice.objects.get(organization_id=invoice.organization_id, pk=invoice.pk)


def page(staff, name, *args, query=""):
    answer = staff.get(reverse(f"billing:{name}", args=args) + query)
    assert answer.status_code == 200
    return answer.content.decode()


def test_files_are_read_and_refused_each_on_its_own(bank, staff):
    """BIL-17: two good ones, one twice, one that is none."""
    good = write_camt([line(1_000, bank_reference="A")], iban=IBAN)
    other = write_camt([line(2_000, bank_reference="B")], iban=IBAN, kind="camt.053", version="08")
    files = [
        SimpleUploadedFile(f"{name}.xml", content)
        for name, content in (("one", good), ("two", other), ("again", good), ("none", b"<html></html>"))
    ]
    answer = staff.post(reverse("billing:staff_bank_upload"), {"files": files})
    assert answer.status_code == 422
    assert "none.xml: Only camt.053 and camt.054" in answer.content.decode()
    assert [one.file_name for one in Statement.objects.order_by("pk")] == ["one.xml", "two.xml"]
    assert staff.post(reverse("billing:staff_bank_upload"), {}).status_code == 422
    assert "two.xml" in page(staff, "staff_bank_statements")
    listed = page(staff, "staff_bank_statement", Statement.objects.get(file_name="two.xml").pk)
    assert "camt.053.08" in listed
    assert "20.00" in listed


def test_refused_files_are_kept_with_their_reason(bank, staff):
    """BIL-17: whatever was wrong with them, and the same one once."""
    bomb = b'<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>'
    foreign = write_camt([line(500, bank_reference="F")], iban="DE89370400440532013000")
    contents = {"bomb.xml": bomb, "foreign.xml": foreign, "half.xml": b"<Docum", "old.xml": b"<no/>"}
    for _again in range(2):
        files = [SimpleUploadedFile(name, content) for name, content in contents.items()]
        assert staff.post(reverse("billing:staff_bank_upload"), {"files": files}).status_code == 422
    rows = RefusedFile.objects.order_by("file_name")
    assert [(row.file_name, row.times, row.given_by_name) for row in rows] == [
        (name, 2, "Nora Frei") for name in contents
    ]
    assert {row.code for row in rows if row.file_name == "foreign.xml"} == {"statement_account_unknown"}
    assert "4 files were refused lately" in page(staff, "staff_bank")
    listed = page(staff, "staff_bank_statements")
    assert all(row.reason in unescape(listed) for row in rows)


@pytest.fixture
def payout(organization):
    """50.00 of 200.00 on their way to the customer's account."""
    fill_prepaid(organization, 20_000)
    with tenant_scope(organization.pk):
        to = Destination(PayoutMeans.IBAN, "Alice Meier", iban=IBAN)
        asked = {"organization": organization, "destination": to, "actor": ACTOR, "at": AT}
        row = request_withdrawal(money=Money(5_000, "CHF"), **asked)
        approve_withdrawal(withdrawal=row, actor=Actor(ActorKind.STAFF, 9, "Nora"), at=AT)
    make_batch(means=PayoutMeans.IBAN, currency="CHF", actor=ACTOR, at=AT)
    return row


def test_a_payout_that_came_back_is_balance_again(bank, organization, payout, staff):
    """BIL-7, BIL-17: found by its name, booked by staff, with the bank's reason in words, and mailed."""
    back = {"return_reason": "AC04", "end_to_end": f"W{payout.pk}"}
    bring(line(5_000, bank_reference="R1", **back), line(5_100, bank_reference="R2", **back))
    entry, other = StatementEntry.objects.order_by("amount")
    assert (entry.why, entry.status, entry.candidate_withdrawal) == ("returned", "waiting", payout.pk)
    assert other.candidate_withdrawal is None, "more than was paid out"
    assert "Put back" not in page(staff, "staff_bank_entry", other.pk)
    shown = page(staff, "staff_bank_entry", entry.pk)
    assert "Put back on the account" in shown
    assert "The account is closed." in shown
    for _twice in range(2):
        staff.post(reverse("billing:staff_bank_payout_back", args=[entry.pk]))
    with tenant_scope(organization.pk):
        payout.refresh_from_db()
        assert (payout.status, prepaid_balance(organization=organization).amount) == ("returned", 20_000)
    assert sum(entries_of(organization, AccountKind.PAYOUTS)) == 0
    assert entries_of(organization, AccountKind.FEES) == []
    entry.refresh_from_db()
    assert (entry.status, EntryDecision.objects.get().verb) == ("booked", "returned")
    drain_outbox(at=now())
    mail = OutgoingMail.objects.using("system").get(subject__endswith="are on your prepaid account again")
    assert "came back" in mail.text
    assert "The account is closed." in mail.text
    assert find_differences() == []


@pytest.mark.parametrize("noted_as_paid", [False, True], ids=["on its way", "noted as paid"])
def test_a_payout_comes_back_short_of_the_charges_of_banks(bank, organization, payout, staff, noted_as_paid):
    """BIL-7, BIL-15: the customer has the whole sum again, and what banks kept is a fee of the operator."""
    if noted_as_paid:
        with tenant_scope(organization.pk):
            pay_withdrawal(withdrawal=payout, actor=ACTOR, at=AT)
    bring(line(4_750, bank_reference="R1", return_reason="AC04", end_to_end=f"W{payout.pk}"))
    entry = only_entry()
    assert (entry.status, entry.candidate_withdrawal) == ("waiting", payout.pk)
    shown = page(staff, "staff_bank_entry", entry.pk)
    assert "Put back, with CHF 2.50 of charges" in unescape(shown).replace("\xa0", " ")
    assert "Kept by banks" in shown
    for _twice in range(2):
        staff.post(reverse("billing:staff_bank_payout_back", args=[entry.pk]))
    with tenant_scope(organization.pk):
        payout.refresh_from_db()
        assert (payout.status, payout.return_charges) == ("returned", 250)
        assert prepaid_balance(organization=organization).amount == 20_000
    assert entries_of(organization, AccountKind.FEES) == [-250]
    assert sum(entries_of(organization, AccountKind.BANK)) == 250 - 20_000
    assert EntryDecision.objects.get().data["charges"] == 250
    assert find_differences() == []


def test_a_payment_that_only_bears_the_name_of_a_payout_puts_nothing_back(bank, organization, payout, staff):
    """BIL-7, BIL-17: whoever pays chooses that name; less than the sum came back where the bank says so."""
    bring(line(1, bank_reference="R1", end_to_end=f"W{payout.pk}"))
    entry = only_entry()
    assert "Put back" not in page(staff, "staff_bank_entry", entry.pk)
    staff.post(reverse("billing:staff_bank_payout_back", args=[entry.pk]))
    with tenant_scope(organization.pk):
        payout.refresh_from_db()
        assert (payout.status, prepaid_balance(organization=organization).amount) == ("sent", 15_000)
    entry.refresh_from_db()
    assert entry.status == "waiting"


def test_a_proposal_is_confirmed_with_its_reason(bank, organization, staff):
    """BIL-17: amount and name agree, so it is proposed and not booked."""
    invoice = make_invoice(organization)
    bring(
        line(invoice.total_amount, text="Thanks", name=f"{invoice.buyer['name'].upper()}", bank_reference="N")
    )
    entry = only_entry()
    assert (entry.status, entry.why) == (EntryStatus.PROPOSED, Why.AMOUNT_AND_NAME)
    assert "Amount and name agree" in page(staff, "staff_bank_entry", entry.pk)
    answer = staff.post(reverse("billing:staff_bank_confirm"), {"selected": [entry.pk]}, follow=True)
    assert "1 payment is booked." in answer.content.decode()
    assert reread(invoice).status == "paid"
    assert EntryDecision.objects.get().verb == "booked"
    with tenant_scope(organization.pk):
        logged = AuditEvent.objects.get(organization_id=organization.pk, name="transfer.received")
    assert (logged.actor_kind, logged.actor_name) == ("staff", "Nora Frei")
    again = staff.post(reverse("billing:staff_bank_confirm"), {"selected": [entry.pk, "x"]}, follow=True)
    assert "Nothing was selected that waits." in again.content.decode()


def test_staff_assign_undo_and_set_aside(bank, organization, staff):
    """BIL-17: nothing is booked before it is confirmed, and what was decided stays written."""
    invoice = make_invoice(organization)
    bring(line(3_000, text="Hosting", bank_reference="W"))
    entry = only_entry()
    assign = reverse("billing:staff_bank_assign", args=[entry.pk])
    for wrong in (
        {},
        {"invoice": "NO-1"},
        {"invoice": str(invoice.pk), "organization": str(organization.pk)},
    ):
        assert staff.post(assign, wrong).status_code == 422
    assert staff.post(assign, {"invoice": str(invoice.pk)}).status_code == 302
    reset = reverse("billing:staff_bank_reset", args=[entry.pk])
    assert staff.post(reset).status_code == 302
    assert staff.post(assign, {"organization": str(organization.pk)}).status_code == 302
    staff.post(reset)
    aside = reverse("billing:staff_bank_set_aside", args=[entry.pk])
    assert staff.post(aside, {"reason": " "}).status_code == 422
    assert staff.post(aside, {"reason": "Rent of the owner"}).status_code == 302
    assert staff.post(aside, {"reason": "Again"}).status_code == 422
    entry.refresh_from_db()
    assert entry.status == EntryStatus.NOT_OURS
    assert "Rent of the owner" in page(staff, "staff_bank_entry", entry.pk)
    assert not BankReceipt.objects.using("system").exists()
    verbs = list(EntryDecision.objects.order_by("pk").values_list("verb", flat=True))
    assert verbs == ["assigned", "reset", "assigned", "reset", "set_aside"]


def test_the_list_finds_by_state_text_amount_and_file(bank, staff, query_count):
    """BIL-17: with as many queries for two entries as for twenty."""
    bring(
        line(4_200, name="Ada Example", text="Server", bank_reference="1"),
        line(9_900, name="Bo Example", bank_reference="2"),
    )
    assert "Ada Example" in page(staff, "staff_bank")
    for query, found in (
        ("?q=server", True),
        ("?q=42.00", True),
        ("?q=bo", False),
        ("?status=booked", False),
    ):
        assert ("Ada Example" in page(staff, "staff_bank", query=query)) is found
    statement = Statement.objects.get()
    assert "Ada Example" in page(staff, "staff_bank", query=f"?statement={statement.pk}")
    with query_count() as few:
        page(staff, "staff_bank")
    bring(*[line(100 + number, bank_reference=f"M{number}") for number in range(20)])
    with query_count() as many:
        page(staff, "staff_bank")
    assert many.count == few.count


def test_a_transfer_is_taken_back_by_staff(bank, organization, staff):
    """BIL-17: the page asks first, then the balance is lower."""
    reference = reference_to("top_up", organization.pk, entity=bank)
    bring(line(5_000, reference, bank_reference="T1", end_to_end="E1"))
    bring(line(5_000, reference, bank_reference="T2", end_to_end="E1", is_credit=False, is_reversal=True))
    back = StatementEntry.objects.get(is_reversal=True)
    assert "Take the transfer back?" in page(staff, "staff_bank_take_back", back.pk)
    staff.post(reverse("billing:staff_bank_take_back", args=[back.pk]))
    back.refresh_from_db()
    assert back.status == EntryStatus.BOOKED
