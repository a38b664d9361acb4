"""What changes of the offer have set off, and what of it went back to the first invoice (PRD-14, BIL-14)."""

from datetime import UTC, datetime, timedelta

import pytest

from billing.changes.services import accept_change, quote_change
from billing.invoices.models import CreditNote, Invoice
from billing.refunds.selectors import get_refundable
from billing.refunds.set_off import list_set_off
from manager.kit.scope import tenant_scope
from tests.factories.billing import ACTOR, make_buyer, pay_invoice
from tests.factories.orders import confirm_cart, fill_cart, reread_order
from tests.factories.products import make_plan, reread

BOUGHT = datetime(2026, 3, 1, 10, 0, tzinfo=UTC)
CHANGED = BOUGHT + timedelta(days=73)
"""A fifth of the year is used by then."""


@pytest.fixture
def organization():
    return make_buyer()


@pytest.fixture
def shop(organization):
    """Return a product that was paid for a year, with another one on the same invoice."""
    fill_cart(organization, make_plan(prices={("CHF", 12): 3_650}), months=12, name="Blog", at=BOUGHT)
    fill_cart(organization, make_plan(prices={("CHF", 12): 10_000}), months=12, name="Shop", at=BOUGHT)
    order = reread_order(confirm_cart(organization, at=BOUGHT), organization)
    pay_invoice(order.invoice, at=BOUGHT)
    with tenant_scope(organization.pk):
        return order.lines.get(product__name="Shop").product


def change(organization, product, price, *, at):
    with tenant_scope(organization.pk):
        plan = make_plan(prices={("CHF", 12): price})
        quoted = quote_change(product=reread(product, organization), at=at, plan=plan)
        done = accept_change(change=quoted, actor=ACTOR, at=at)
        if done.due_amount:
            pay_invoice(done.invoice, at=at)
        return done


def left_of_first(organization):
    with tenant_scope(organization.pk):
        return get_refundable(invoice=Invoice.objects.get(origin="order")).left.amount


def test_what_was_set_off_names_the_line_that_does_it(organization, shop):
    """PRD-14: the line below zero of the change's own invoice, over the very sum."""
    done = change(organization, shop, 20_000, at=CHANGED)
    with tenant_scope(organization.pk):
        [(row, by)] = list_set_off(change=done)
        [below] = done.invoice.lines.filter(unit_amount__lt=0)
    assert by == below.pk
    assert (row["net"], row["tax"]) == (-below.net_amount, -below.tax_amount) == (8_000, 648)


@pytest.mark.parametrize("cheap", [1, 5_000])
def test_what_a_credit_note_took_back_no_longer_counts_twice(organization, shop, cheap):
    """BIL-14: what went back to the first invoice stands on its credit note, and is set off no more."""
    paid = 13_650 + 1_106
    change(organization, shop, 20_000, at=CHANGED)
    assert left_of_first(organization) == paid - 8_648
    change(organization, shop, cheap, at=CHANGED + timedelta(seconds=1))
    with tenant_scope(organization.pk):
        note = CreditNote.objects.get(invoice__origin="order")
    assert 0 < note.total_amount <= 8_648
    # The days that were used, and the other product: as before.
    assert left_of_first(organization) == paid - 8_648
