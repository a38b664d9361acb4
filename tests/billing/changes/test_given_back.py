"""A change gives back only what is still here of what was paid (PRD-14, BIL-14)."""

from datetime import UTC, datetime, timedelta

import pytest

from billing.changes.services import accept_change, quote_change
from billing.changes.services.accept import QuoteOutdated
from billing.disputes.models import Dispute
from billing.invoices.models import Invoice, InvoiceLine
from billing.payments.models import PaymentAttempt
from billing.refunds.services.refund import Destination, Wish, refund_invoice
from manager.kit.scope import tenant_scope
from tests.factories.billing import ACTOR
from tests.factories.disputes import make_dispute
from tests.factories.products import make_plan, reread

AT = datetime(2026, 8, 31, 9, 0, tzinfo=UTC)
LATER = AT + timedelta(minutes=5)


@pytest.fixture
def cheap():
    return make_plan()


@pytest.fixture
def product(buy, cheap):
    dear = make_plan(prices={(currency, m): 2000 * m for currency in ("CHF", "EUR") for m in (1, 12, 24)})
    return buy(dear)


def quote(product, plan, *, at=AT):
    with tenant_scope(product.organization_id):
        return quote_change(product=reread(product, product.organization), plan=plan, at=at)


def accept(change):
    with tenant_scope(change.organization_id):
        return accept_change(change=change, actor=ACTOR, at=LATER)


def paid_with(organization):
    with tenant_scope(organization.pk):
        return Invoice.objects.select_related("organization", "legal_entity").get()


def dispute(organization, invoice, amount):
    row = make_dispute(organization, amount)
    with tenant_scope(organization.pk):
        PaymentAttempt.objects.filter(pk=row.attempt_id).update(purpose="invoice", invoice=invoice)
        Dispute.objects.filter(pk=row.pk).update(opened_at=LATER)


def test_what_the_bank_took_back_is_worth_nothing_in_a_change(organization, product, cheap):
    """BIL-14: the customer has it from the bank; of half a dispute half is left."""
    whole = quote(product, cheap)
    assert whole.surplus_amount > 0
    invoice = paid_with(organization)
    dispute(organization, invoice, invoice.total_amount)
    with pytest.raises(QuoteOutdated):
        accept(whole)
    after = quote(product, cheap, at=LATER)
    assert (after.surplus_amount, after.set_off) == (0, [])


def test_a_part_of_a_payment_that_is_disputed_lowers_what_its_days_are_worth(organization, product, cheap):
    """BIL-14: by its share."""
    whole = quote(product, cheap)
    invoice = paid_with(organization)
    dispute(organization, invoice, invoice.total_amount // 4)
    part = quote(product, cheap, at=LATER)
    assert 0 < part.surplus_amount < whole.surplus_amount


def test_a_quote_ends_with_a_refund_of_what_it_gives_back(organization, product, cheap):
    """BIL-14, PRD-14: else the same money would become balance once more."""
    change = quote(product, cheap)
    invoice = paid_with(organization)
    with tenant_scope(organization.pk):
        line = InvoiceLine.objects.get()
        parts = {line.pk: line.net_amount + line.tax_amount}
        wish = Wish(parts=parts, amount=0, destination=Destination.PREPAID, reason="Goodwill")
        refund_invoice(invoice=invoice, wish=wish, key="1", actor=ACTOR, at=AT + timedelta(minutes=1))
    with pytest.raises(QuoteOutdated):
        accept(change)
    assert quote(product, cheap, at=LATER).surplus_amount == 0
