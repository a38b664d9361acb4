"""A change that is paid and cannot be carried out any more leaves its money as balance (PRD-6, PRD-14)."""

from datetime import UTC, date, datetime

import pytest
from django.db import transaction

from billing.changes.models import ChangeQuote
from billing.changes.periodic import drain_changes
from billing.changes.services import accept_change, quote_change
from billing.changes.status import ChangeStatus
from billing.documents.services import get_credit_note
from billing.invoices.models import CreditNote, Invoice, InvoiceLine
from billing.invoices.selectors import get_note
from billing.invoices.status import InvoiceStatus
from billing.ledger.models import AccountKind, Entry
from billing.payments.services import pay_from_prepaid
from billing.prepaid.selectors import list_prepaid_movements, prepaid_balance
from manager.kit.scope import tenant_scope
from manager.outbox.models import OutboxEvent
from organizations.audit.models import AuditEvent
from products.inventory.models import Product
from products.inventory.services import extend_product, terminate_product
from products.transfer.services.move import put_in, take_out
from tests.factories.billing import ACTOR, pay_invoice
from tests.factories.cast import make_tenant
from tests.factories.payments import fill_prepaid
from tests.factories.products import make_plan, reread
from tests.factories.together import all_at_once

AT = datetime(2026, 8, 31, 9, 0, tzinfo=UTC)


@pytest.fixture
def product(buy):
    return buy(make_plan())


@pytest.fixture
def change(organization, product):
    """A change that waits for its payment."""
    dear = make_plan(prices={(currency, m): 2000 * m for currency in ("CHF", "EUR") for m in (1, 12, 24)})
    with tenant_scope(organization.pk):
        quoted = quote_change(product=reread(product, organization), plan=dear, at=AT)
        return accept_change(change=quoted, actor=ACTOR, at=AT)


def end(product):
    with tenant_scope(product.organization_id):
        terminate_product(product=reread(product, product.organization), actor=ACTOR, at=AT)


def extend(product):
    with tenant_scope(product.organization_id):
        extend_product(product=product, until=date(2028, 3, 1), actor=ACTOR, at=AT)


def move(product):
    """Bring the product to another organization, past what keeps one with a waiting change back."""
    other = make_tenant()
    with tenant_scope(product.organization_id, 0), transaction.atomic():
        luggage = take_out(Product.objects.get(pk=product.pk))
        with tenant_scope(other.pk, 0):
            put_in(luggage, organization=other, at=AT)


def pay(change):
    with tenant_scope(change.organization_id):
        invoice = Invoice.objects.get(pk=change.invoice_id)
    return pay_invoice(invoice, at=AT)


def sums(organization):
    with tenant_scope(organization.pk):
        found = dict.fromkeys(AccountKind.values, 0)
        for kind, amount in Entry.objects.values_list("account__kind", "amount"):
            found[kind] += amount
    return found


@pytest.mark.parametrize(
    ("meanwhile", "why"),
    [(end, "product_not_modifiable"), (extend, "offer_changed"), (move, "offer_changed")],
    ids=["terminated", "extended", "transferred"],
)
def test_its_money_becomes_balance(organization, product, change, meanwhile, why):
    """PRD-6: by a credit note over all of it; the change is taken back, with the reason."""
    before = sums(organization)
    meanwhile(product)
    invoice = pay(change)
    with tenant_scope(organization.pk):
        row = ChangeQuote.objects.get(pk=change.pk)
        assert (row.status, row.settled_at) == (ChangeStatus.WITHDRAWN, AT)
        assert (invoice.status, prepaid_balance(organization=organization)) == ("paid", change.due)
        note = CreditNote.objects.get(invoice=invoice)
        assert (note.total, note.net_amount) == (change.due, invoice.net_amount)
        assert not InvoiceLine.objects.filter(invoice=invoice, counts=True).exists()
        (event,) = OutboxEvent.objects.filter(name="change.withdrawn")
        assert (event.payload["change"], event.payload["reason"]) == (change.pk, why)
        assert AuditEvent.objects.get(name="change.withdrawn").data["reason"] == why
        assert AuditEvent.objects.get(name="invoice.given_back").data["amount"] == change.due_amount
        assert not OutboxEvent.objects.filter(name="change.applied").exists()
        (movement,) = list_prepaid_movements(organization=organization).movements
        assert (movement.money, movement.text) == (change.due, "Paid for what could not be carried out")
        document = get_credit_note(note=get_note(organization=organization, credit_note_id=note.pk), at=AT)
        assert bytes(document.content).startswith(b"%PDF")
    after = sums(organization)
    assert after["prepaid"] - before["prepaid"] == before["provider"] - after["provider"] == change.due_amount
    moved = {kind: after[kind] - before[kind] for kind in after}
    assert (moved["revenue"] + moved["refunds"], moved["tax"], moved["receivable"]) == (0, 0, 0)


def test_paid_from_the_prepaid_account_it_goes_back_there(organization, product, change):
    """BIL-7: the balance is what it was."""
    fill_prepaid(organization, 50_000)
    end(product)
    with tenant_scope(organization.pk):
        invoice = Invoice.objects.select_related("organization").get(pk=change.invoice_id)
        pay_from_prepaid(invoice=invoice, actor=ACTOR, at=AT)
        assert prepaid_balance(organization=organization).amount == 50_000
        assert CreditNote.objects.count() == 1


def test_the_product_pays_its_days_as_before(organization, product, change):
    """BIL-16: what is not carried out covers nothing, and stands in nobody's way."""
    extend(product)
    pay(change)
    with tenant_scope(organization.pk):
        (line,) = InvoiceLine.objects.filter(product=product, counts=True)
        assert (line.covers.lower, line.covers.upper) == (date(2026, 3, 1), date(2027, 3, 1))
        again = quote_change(product=reread(product, organization), quantity=2, at=AT)
        assert accept_change(change=again, actor=ACTOR, at=AT).status == ChangeStatus.ACCEPTED


def test_paid_and_terminated_at_once_is_one_or_the_other(organization, buy):
    """BIL-16: never both, however often the payment is told."""
    dear = make_plan(prices={(currency, m): 2000 * m for currency in ("CHF", "EUR") for m in (1, 12, 24)})
    for number in range(5):
        product = buy(make_plan(), name=f"Shop {number}")
        with tenant_scope(organization.pk):
            before = prepaid_balance(organization=organization).amount
            quoted = quote_change(product=reread(product, organization), plan=dear, at=AT)
            waiting = accept_change(change=quoted, actor=ACTOR, at=AT)
        all_at_once(*[lambda waiting=waiting: pay(waiting)] * 4, lambda product=product: end(product))
        with tenant_scope(organization.pk):
            row = ChangeQuote.objects.get(pk=waiting.pk)
            got = prepaid_balance(organization=organization).amount - before
            notes = CreditNote.objects.filter(invoice_id=waiting.invoice_id).count()
            assert Invoice.objects.get(pk=waiting.invoice_id).status == InvoiceStatus.PAID
        if row.status == ChangeStatus.APPLIED:
            assert (got, notes) == (0, 0)
        else:
            assert (row.status, got, notes) == (ChangeStatus.WITHDRAWN, waiting.due_amount, 1)


def test_nothing_of_it_is_left_to_the_periodic_work(organization, product, change):
    """PRD-14: the change is settled with its payment."""
    end(product)
    pay(change)
    assert drain_changes(at=datetime(2026, 9, 2, tzinfo=UTC)) == 0
