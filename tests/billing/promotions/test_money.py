"""The same money in cart, order, invoice and document; never more given back than paid (BIL-13, PRD-14)."""

from datetime import UTC, datetime

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from billing.changes.services import quote_change
from billing.documents.content import pro_forma_content
from billing.invoices.models import InvoiceLine
from billing.invoices.selectors import get_invoice, list_lines
from billing.ledger.models import AccountKind
from billing.ledger.selectors import get_balance
from billing.orders.selectors import price_cart
from billing.orders.services import cancel_order
from billing.promotions.models import CodeUse, FreeCredit
from billing.to_pay.services import DueChoice, compose_selection, release_selection
from manager.kit.scope import tenant_scope
from tests.factories.billing import ACTOR, make_legal_entity, pay_invoice
from tests.factories.cast import make_tenant
from tests.factories.orders import address_of, confirm_cart, fill_cart, reread_order
from tests.factories.payments import now
from tests.factories.products import make_plan, reread
from tests.factories.promotions import give_credit, make_code, put_in_cart, reread_code

BOUGHT = datetime(2026, 3, 1, 10, 0, tzinfo=UTC)
LATER = datetime(2026, 8, 31, 9, 0, tzinfo=UTC)  # 182 of 365 days are left

line = st.tuples(st.integers(0, 2), st.sampled_from([1, 12]), st.integers(1, 4), st.booleans())
terms = st.one_of(
    st.builds(lambda points: {"percent": points}, st.integers(1, 10_000)),
    st.builds(lambda amount: {"amount": amount}, st.integers(1, 90_000)),
)


@pytest.fixture
def organization():
    make_legal_entity()
    return make_tenant()


@pytest.fixture
def plans():
    odd = {(currency, months): 77 * months + 1 for currency in ("CHF", "EUR") for months in (1, 12, 24)}
    return [make_plan(), make_plan(prices=odd), make_plan(prices=dict.fromkeys(odd, 3))]


def buy(organization, plan, *codes, at=BOUGHT):
    fill_cart(organization, plan, name="Shop", at=at)
    put_in_cart(organization, *codes)
    order = reread_order(confirm_cart(organization, at=at), organization)
    if order.invoice.total_amount:  # one that costs nothing is settled with the order
        pay_invoice(order.invoice, at=at)
    return reread(order.lines.all()[0].product, organization)


@settings(
    max_examples=12,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(lines=st.lists(line, min_size=1, max_size=4), codes=st.lists(terms, max_size=3))
def test_cart_order_invoice_and_document_say_the_same(organization, plans, lines, codes):
    """BIL-13, BIL-6: to the cent, nothing below zero, and the lines' discounts are the discount."""
    for number, months, quantity, with_credit in lines:
        put = fill_cart(organization, plans[number], months=months, quantity=quantity)
        if with_credit:
            credit = give_credit(organization, plans[number])
            with tenant_scope(organization.pk):
                type(put).objects.filter(pk=put.pk).update(free_credit=credit)
    put_in_cart(organization, *(make_code(**row) for row in codes))
    with tenant_scope(organization.pk):
        cart = price_cart(organization=organization, buyer=address_of(organization), on=now().date())
    assert cart.quote is not None
    order = confirm_cart(organization)
    with tenant_scope(organization.pk):
        invoice = get_invoice(organization=organization, invoice_id=order.invoice_id)
        rows = list_lines(invoice=invoice)
        assert invoice.total_amount == cart.quote.total.amount
        assert [(r.net_amount, r.tax_amount, r.discount_amount) for r in rows] == [
            (q.net.amount, q.tax.amount, q.discount.amount) for q in cart.quote.lines
        ]
        assert min(min(r.net_amount, r.tax_amount) for r in rows) >= 0
        used = [use.amount for use in CodeUse.objects.filter(invoice=invoice)]
        used += [row.used_amount for row in FreeCredit.objects.filter(invoice=invoice)]
        assert sum(r.discount_amount for r in rows) == sum(used) == cart.lowered.total.amount
        assert sum(r.unit_amount * r.quantity for r in rows) - sum(used) == invoice.net_amount
        shown = pro_forma_content(invoice=invoice, lines=rows)
    assert shown["total"] == invoice.total.format(invoice.language)


def test_an_upgrade_sets_off_what_was_paid_and_no_more(organization):
    """PRD-14: of 108.00 for the year, not of 120.00; a free one gives nothing back."""
    dear = make_plan(prices={(currency, m): 2_000 * m for currency in ("CHF", "EUR") for m in (1, 12, 24)})
    with_code = buy(organization, make_plan(), make_code())
    free = buy(organization, make_plan(), make_code(percent=10_000))
    with tenant_scope(organization.pk):
        change = quote_change(product=with_code, plan=dear, at=LATER)
        assert [row["net"] for row in change.set_off] == [round(10_800 * 182 / 365)]
        given = quote_change(product=free, plan=dear, at=LATER)
        assert given.set_off == []
        assert given.surplus_amount == 0
        assert [row["net"] for row in given.charges] == [11_967]


def test_the_ledger_takes_in_what_is_paid(organization):
    """BIL-15: revenue is what the lines cost before the discount, which stands apart; nothing stays open."""
    buy(organization, make_plan(), make_code())
    with tenant_scope(organization.pk):
        balances = {
            str(kind): get_balance(organization=organization, kind=kind, currency="CHF").amount
            for kind in (
                AccountKind.REVENUE,
                AccountKind.PROMOTIONS,
                AccountKind.TAX,
                AccountKind.RECEIVABLE,
            )
        }
    assert balances == {"revenue": 12_000, "promotions": -1_200, "tax": 875, "receivable": 0}


def test_a_selection_keeps_the_discount_and_renewals_cost_the_whole_price(organization):
    """BIL-2, BIL-13: taken apart again it is the same, and cancelled it gives the code back."""
    product = buy(organization, make_plan(), make_code())
    code = make_code()
    fill_cart(organization)
    put_in_cart(organization, code)
    order = reread_order(confirm_cart(organization), organization)
    with tenant_scope(organization.pk):
        selection = compose_selection(
            organization=organization,
            choices=[DueChoice(product.pk, 12)],
            invoice_ids=[order.invoice_id],
            actor=ACTOR,
            at=now(),
        )
        lines = InvoiceLine.objects.filter(invoice=selection).order_by("position")
        assert sorted(lines.values_list("net_amount", "discount_amount")) == [(10_800, 1_200), (12_000, 0)]
        (back,) = release_selection(invoice=selection, actor=ACTOR, at=now())
        assert (back.net_amount, back.total_amount) == (10_800, 11_675)
        cancel_order(order=reread_order(order, organization), actor=ACTOR, at=now())
    assert reread_code(code).used == 0
