"""Options go the whole way of money: cart, order, invoice, renewal, *To pay* (PRD-3, PRD-12, BIL-2)."""

from datetime import UTC, date, datetime, timedelta

import pytest

from billing.invoices.models import InvoiceLine
from billing.invoices.selectors import list_lines
from billing.orders.models import CartLine, OrderLine
from billing.orders.selectors import price_cart
from billing.to_pay.selectors import build_to_pay
from billing.to_pay.services import DueChoice, compose_selection
from manager.kit.clock import day_in
from manager.kit.scope import tenant_scope
from products.catalog.models import OptionPrice
from products.catalog.pricing import OptionRefused
from products.catalog.selectors import PriceNotFound
from products.inventory.models import ProductOption
from products.inventory.selectors import find_options
from products.inventory.status import ProductStatus
from tests.factories.billing import ACTOR, make_legal_entity, pay_invoice
from tests.factories.cast import make_tenant
from tests.factories.orders import address_of, confirm_cart, fill_cart, reread_order, total_of
from tests.factories.payments import now
from tests.factories.products import make_option, make_plan, make_storage, reread


@pytest.fixture
def organization():
    make_legal_entity()
    return make_tenant()


@pytest.fixture
def plan():
    plan = make_plan()
    make_option(plan, "privacy")
    make_storage(plan)
    return plan


def order_with(organization, plan, options, *, quantity=1):
    fill_cart(organization, plan, options=options, quantity=quantity, name="Shop")
    return reread_order(confirm_cart(organization), organization)


def test_each_option_is_a_line_of_cart_and_invoice(organization, plan):
    """PRD-3: steps above what is included, for each unit; the same total in the cart and on the invoice."""
    fill_cart(organization, plan, options={"privacy": 1, "storage": 310}, quantity=2, name="Shop")
    shown = total_of(organization)
    order = reread_order(confirm_cart(organization, total=shown), organization)
    with tenant_scope(organization.pk):
        lines = [(row.component, row.quantity, row.unit_amount) for row in list_lines(invoice=order.invoice)]
        assert lines == [("", 2, 12_000), ("privacy", 2, 1_200), ("storage", 6, 600)]
        assert order.invoice.total_amount == shown
        assert "Storage (310 GB) – Shop" in order.invoice.lines.get(component="storage").description
        assert OrderLine.objects.get().options == {"privacy": 1, "storage": 310}
        assert find_options([order.lines.all()[0].product]) == {
            order.lines.all()[0].product_id: {"privacy": 1, "storage": 310}
        }


def test_what_is_included_costs_nothing(organization, plan):
    """PRD-3: the default of a number, and a switch that is off, are no options of the product."""
    order = order_with(organization, plan, {"privacy": 0, "storage": 10})
    with tenant_scope(organization.pk):
        assert [row.component for row in list_lines(invoice=order.invoice)] == [""]
        assert not ProductOption.objects.exists()


@pytest.mark.parametrize(
    "options",
    [
        {"storage": 60},
        {"storage": 0},
        {"storage": -1},
        {"storage": 10**9},
        {"storage": 0.5},
        {"storage": True},
        {"privacy": 2},
        {"privacy": -1},
        {"foreign": 1},
    ],
    ids=str,
)
def test_refuses_what_the_plan_does_not_offer(organization, plan, options):
    """INC-27: not between steps, not above the limits, no option of another plan, no fractions."""
    make_option(make_plan(), "foreign")
    with pytest.raises(OptionRefused):
        fill_cart(organization, plan, options=options)
    with tenant_scope(organization.pk):
        assert not CartLine.objects.exists()


def test_an_option_without_a_price_for_the_period_is_not_sold(organization, plan):
    """PRD-3."""
    make_option(plan, "warranty", prices={("CHF", 24): 500, ("EUR", 24): 500})
    with pytest.raises(PriceNotFound):
        fill_cart(organization, plan, options={"warranty": 1}, months=12)
    fill_cart(organization, plan, options={"warranty": 1}, months=24)


def test_a_cart_whose_option_is_withdrawn_is_not_ordered_without_it(organization, plan):
    """INC-27: what is no longer sold as it was put in is shown as such."""
    fill_cart(organization, plan, options={"privacy": 1})
    OptionPrice.objects.filter(option__slug="privacy").delete()
    with tenant_scope(organization.pk):
        cart = price_cart(
            organization=organization,
            buyer=address_of(organization),
            on=day_in(organization.time_zone, now()),
        )
    assert [line.plan_id for line in cart.unavailable] == [plan.pk]


def test_payment_gives_plan_and_options_the_same_days(organization, plan):
    """PRD-7: from the day of the payment; the database lets neither be billed twice."""
    order = order_with(organization, plan, {"privacy": 1})
    pay_invoice(order.invoice, at=datetime(2026, 11, 22, 23, 30, tzinfo=UTC))
    with tenant_scope(organization.pk):
        lines = list(InvoiceLine.objects.order_by("position"))
        product = reread(lines[0].product, organization)
    assert product.status == ProductStatus.ACTIVE
    assert {(row.period.lower, row.period.upper) for row in lines} == {
        (date(2026, 11, 23), date(2027, 11, 23))
    }
    assert all(row.covers == row.period and row.fulfilled_at for row in lines)


def test_renewals_bill_the_options_with_the_plan(organization, plan):
    """BIL-2: *To pay* shows the sum of both, and the one invoice has a line for each."""
    order = order_with(organization, plan, {"privacy": 1, "storage": 110})
    at = datetime(2026, 11, 22, 9, 0, tzinfo=UTC)
    pay_invoice(order.invoice, at=at)
    later = at + timedelta(days=330)
    with tenant_scope(organization.pk):
        product = reread(order.lines.all()[0].product, organization)
        page = build_to_pay(
            organization=organization,
            today=later.date(),
            until=None,
            product_ids=frozenset({product.pk}),
        )
        (row,) = page.products
        assert [(option.months, option.net.amount) for option in row.options] == [
            (1, 1_150),
            (12, 13_800),
            (24, 27_600),
        ]
        invoice = compose_selection(
            organization=organization,
            choices=[DueChoice(product.pk, 12)],
            invoice_ids=[],
            actor=ACTOR,
            at=later,
        )
        assert invoice.total_amount == page.total.amount
        assert [(row.component, row.net_amount) for row in list_lines(invoice=invoice)] == [
            ("", 12_000),
            ("privacy", 1_200),
            ("storage", 600),
        ]
    pay_invoice(invoice, at=later)
    with tenant_scope(organization.pk):
        assert reread(product, organization).expires_on == date(2028, 11, 22)
        assert not InvoiceLine.objects.filter(fulfilled_at=None).exists()
