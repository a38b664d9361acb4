"""A free trial: the plan's months at 0.00, once for an organization and once for a person (PRD-1, PRD-3)."""

from datetime import timedelta

import pytest

from billing.changes.services import quote_change
from billing.invoices.models import Invoice, InvoiceLine
from billing.invoices.status import InvoiceStatus
from billing.orders.models import CartLine, Trial
from billing.orders.services import cancel_order
from billing.orders.services.cart import QuantityRefused
from billing.orders.status import OrderStatus
from billing.orders.trials import TrialRefused
from billing.to_pay.selectors import build_to_pay
from manager.kit.clock import add_months, day_in
from manager.kit.scope import tenant_scope
from products.catalog.models import Plan
from products.inventory.models import Product
from products.inventory.status import ProductStatus
from tests.billing.orders.pages import text_of, url
from tests.factories.billing import make_legal_entity
from tests.factories.cast import make_person, make_tenant
from tests.factories.orders import address_of, confirm_cart, fill_cart
from tests.factories.payments import ACTOR, now
from tests.factories.products import make_option, make_plan
from tests.factories.together import at_once


@pytest.fixture
def plan():
    return make_plan(trial_months=3, prices={("CHF", 12): 12_000, ("EUR", 12): 12_000, ("CHF", 24): 20_000})


def try_out(organization, plan, *, user_id=None, key=""):
    fill_cart(organization, plan, is_trial=True, name="Shop")
    return confirm_cart(organization, user_id=user_id, key=key)


def test_runs_three_months_for_nothing_and_renews_at_the_price(organization, plan):
    """PRD-3: the order is settled with itself; the chosen period follows, at its normal price."""
    order = try_out(organization, plan)
    today = day_in(organization.time_zone, now())
    with tenant_scope(organization.pk):
        order.refresh_from_db()
        product = Product.objects.get()
        invoice = Invoice.objects.get()
        line = InvoiceLine.objects.get()
        due = build_to_pay(organization=organization, today=today, until=None).products
    assert (order.status, invoice.status) == (OrderStatus.PENDING, InvoiceStatus.PAID)
    assert (invoice.total_amount, line.is_trial, line.months) == (0, True, 3)
    assert product.status == ProductStatus.ACTIVE
    assert (product.expires_on, product.months) == (add_months(today, 3), 12)
    (row,) = due
    assert (row.chosen.months, row.chosen.net.amount) == (12, 12_000)


def test_gives_nothing_back_when_the_offer_is_changed_during_the_trial(organization, plan):
    """PRD-14: what was free is worth nothing."""
    try_out(organization, plan)
    cheaper = make_plan(prices={("CHF", 12): 600})
    with tenant_scope(organization.pk):
        product = Product.objects.get()
        changed = quote_change(product=product, plan=cheaper, at=now() + timedelta(days=1))
    assert changed.surplus_amount == 0


@pytest.mark.parametrize(
    ("fields", "choice", "refusal"),
    [
        ({"trial_months": 0}, {}, TrialRefused),
        ({}, {"quantity": 2}, TrialRefused),
        ({}, {"quantity": 0}, QuantityRefused),
        ({}, {"options": {"privacy": 1}}, TrialRefused),
    ],
)
def test_refuses_what_is_no_trial(organization, plan, fields, choice, refusal):
    """INC-27."""
    make_option(plan)
    if fields:
        Plan.objects.using("owner").filter(pk=plan.pk).update(**fields)
        plan.refresh_from_db()
    with pytest.raises(refusal):
        fill_cart(organization, plan, is_trial=True, **choice)


class TestOnce:
    def test_refuses_a_second_one_of_the_kind(self, organization, plan):
        """PRD-3: another plan of the same kind is the same trial."""
        try_out(organization, plan)
        with pytest.raises(TrialRefused):
            fill_cart(organization, make_plan(trial_months=1), is_trial=True)

    def test_refuses_two_in_one_cart(self, organization, plan):
        """PRD-3."""
        fill_cart(organization, plan, is_trial=True)
        with pytest.raises(TrialRefused):
            fill_cart(organization, plan, is_trial=True)

    def test_refuses_the_person_in_a_further_organization(self, plan):
        """PRD-3: a new organization is no new customer."""
        make_legal_entity()
        person = make_person()
        try_out(make_tenant(person), plan, user_id=person.pk)
        second = make_tenant(person, name="Second AG")
        with pytest.raises(TrialRefused):
            try_out(second, plan, user_id=person.pk)
        with tenant_scope(second.pk):
            assert not Product.objects.exists()
            assert CartLine.objects.count() == 1

    def test_gives_one_to_eight_that_ask_at_once(self, plan):
        """PRD-3: the database holds it, whatever the carts say."""
        make_legal_entity()
        person = make_person()
        organizations = [make_tenant(person, name=f"Org {number}") for number in range(8)]
        for row in organizations:
            fill_cart(row, plan, is_trial=True)
        waiting = list(organizations)
        won = at_once(
            8,
            lambda: confirm_cart(waiting.pop(), user_id=person.pk, total=0),
            refusal=TrialRefused,
        )
        assert won == 1
        assert Trial.objects.using("system").count() == 1
        assert Product.objects.using("system").count() == 1

    def test_comes_back_with_an_order_that_is_cancelled(self, organization, plan):
        """PRD-4: a trial that never began was not had."""
        fill_cart(organization, plan, is_trial=True)
        fill_cart(organization, make_plan())
        order = confirm_cart(organization)
        with tenant_scope(organization.pk):
            assert Product.objects.filter(status=ProductStatus.PENDING).count() == 2
            cancel_order(order=order, actor=ACTOR, at=now())
        try_out(organization, plan)


class TestPages:
    def test_offers_it_and_says_what_follows(self, page, organization, plan):
        """PRD-3: price and date before the order."""
        shown = text_of(page.get(url("shop_plan", organization, plan.slug)))
        assert "Begin with 3 months for free" in shown
        page.post(
            url("shop_plan", organization, plan.slug),
            {"months": 12, "quantity": 1, "name": "", "is_trial": "on"},
        )
        told = "then CHF 120.00 without VAT for 1 year"
        assert told in text_of(page.get(url("cart", organization)))
        assert told in text_of(page.get(url("checkout", organization)))

    def test_does_not_offer_it_twice(self, page, organization, plan):
        """PRD-3: and refuses it beside the field when it is sent all the same."""
        try_out(organization, plan)
        address = url("shop_plan", organization, plan.slug)
        assert "for free" not in text_of(page.get(address))
        sent = {"months": 12, "quantity": 1, "name": "", "is_trial": "on"}
        assert "You have had the free trial" in text_of(page.post(address, sent), 422)

    def test_places_it_from_the_checkout(self, page, organization, plan):
        """PRD-3: nothing is to be paid, so no payment is asked."""
        fill_cart(organization, plan, is_trial=True)
        assert address_of(organization).is_complete
        confirm_cart(organization)
        with tenant_scope(organization.pk):
            invoice = Invoice.objects.get()
        answer = page.get(url("pay_invoice", organization, invoice.pk), follow=True)
        assert answer.status_code == 200
        assert "Pay now" not in answer.content.decode()
