"""Transfers whose invoice is another one, or costs another sum, when the money comes (BIL-6, BIL-17)."""

from datetime import timedelta

import pytest

from billing.bank.models import StatementEntry
from billing.bank.services import take_back_transfer
from billing.bank.status import EntryStatus, Received, Why
from billing.invoices.services.requote import InvoiceChanged
from billing.invoices.status import InvoiceStatus
from billing.payments.services import announce_transfer
from billing.proof.services import find_differences
from billing.reservations.selectors import reserved_for
from billing.reservations.services import reserve_prepaid
from billing.tax.services import add_rate
from billing.to_pay.services import compose_selection, release_selection
from manager.kit.money import Money
from manager.kit.scope import tenant_scope
from tests.factories.bank import bring, line, make_bank, only_entry, reference_to
from tests.factories.billing import ACTOR, AT, make_invoice
from tests.factories.cast import make_person, make_tenant
from tests.factories.payments import entries_of, fill_prepaid
from tests.factories.products import reread


@pytest.fixture
def bank():
    return make_bank()


@pytest.fixture
def organization():
    return make_tenant(make_person())


def compose(organization, *drafts):
    with tenant_scope(organization.pk):
        ids = [draft.pk for draft in drafts]
        return compose_selection(organization=organization, choices=[], invoice_ids=ids, actor=ACTOR, at=AT)


def raise_rate(on):
    add_rate(country="CH", rate=1000, valid_from=on, today=on - timedelta(days=1), actor=ACTOR, at=AT)


def test_a_draft_that_was_taken_into_another_pays_that_one(bank, organization):
    """BIL-2, BIL-17: and its own successor, once that is taken apart again."""
    first, second = make_invoice(organization), make_invoice(organization)
    reference = reference_to("invoice", first.pk, entity=bank)
    selection = compose(organization, first, second)
    bring(line(1_000, reference, bank_reference="S1"))
    with tenant_scope(organization.pk):
        assert reserved_for(invoice=selection).amount == 1_000
        back = release_selection(invoice=selection, actor=ACTOR, at=AT)
    assert sum(entries_of(organization, "prepaid")) == 1_000, "what the selection held is balance"
    bring(line(first.total_amount, reference, bank_reference="S2"))
    with tenant_scope(organization.pk):
        assert [reread(draft, organization).status for draft in back] == ["paid", "draft"]
    assert find_differences() == []


def test_money_for_who_is_gone_waits_for_staff(bank, organization, superuser_connection):
    """BIL-17: nobody could use a balance of an organization that was deleted."""
    invoice = make_invoice(organization)
    superuser_connection.execute(
        "update organizations_organization set deleted_at = now() where id = %s", [organization.pk]
    )
    bring(line(1_000, reference_to("invoice", invoice.pk, entity=bank), bank_reference="G1"))
    entry = only_entry()
    assert (entry.status, entry.why) == (EntryStatus.WAITING, Why.UNKNOWN_REFERENCE)
    assert entries_of(organization, "prepaid") == []


def test_the_vat_is_that_of_the_day_on_which_the_money_comes(bank, organization):
    """BIL-6: the former sum pays a part; who announces a transfer afterwards is told the new one."""
    invoice, other = make_invoice(organization), make_invoice(organization)
    raise_rate(AT.date())
    bring(line(invoice.total_amount, reference_to("invoice", invoice.pk, entity=bank), bank_reference="V1"))
    present = reread(invoice, organization)
    assert (present.status, present.total_amount > invoice.total_amount) == (InvoiceStatus.DRAFT, True)
    with tenant_scope(organization.pk):
        assert reserved_for(invoice=invoice).amount == invoice.total_amount
        with pytest.raises(InvoiceChanged):
            announce_transfer(invoice=other, actor=ACTOR, at=AT)
        announce_transfer(invoice=reread(other, organization), actor=ACTOR, at=AT)


def test_a_part_that_the_bank_took_back_leaves_what_waits_for_a_payment(bank, organization):
    """BIL-3, BIL-17: what was set aside of the balance stays set aside."""
    fill_prepaid(organization, 3_000)
    invoice = make_invoice(organization)
    with tenant_scope(organization.pk):
        reserve_prepaid(
            invoice=invoice, money=Money(3_000, "CHF"), key="attempt:1", actor=ACTOR, at=AT, attempt_id=1
        )
    reference = reference_to("invoice", invoice.pk, entity=bank)
    bring(line(2_000, reference, bank_reference="P1"))
    bring(line(2_000, reference, bank_reference="P2", is_credit=False, is_reversal=True))
    receipt = take_back_transfer(entry=StatementEntry.objects.get(is_reversal=True), actor=ACTOR, at=AT)
    assert receipt.kind == Received.TAKEN_BACK
    with tenant_scope(organization.pk):
        assert reserved_for(invoice=invoice).amount == 3_000
    assert sum(entries_of(organization, "prepaid")) == 0
    assert find_differences() == []
