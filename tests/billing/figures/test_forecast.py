"""The forecast: each renewal on its day, at the price of its day."""

from datetime import date, timedelta

import pytest

from billing.figures.forecast import read_forecast
from billing.to_pay.services import DueChoice, compose_selection
from manager.kit.clock import add_months
from manager.kit.scope import tenant_scope
from products.catalog.models import Price
from products.inventory.models import Product
from products.inventory.services.options import set_options
from tests.factories.billing import make_legal_entity
from tests.factories.cast import client_of, make_person, make_tenant
from tests.factories.payments import ACTOR, now
from tests.factories.products import make_many_products, make_option, make_plan, make_product

TODAY = date(2026, 11, 22)


@pytest.fixture
def organization():
    make_legal_entity()
    return make_tenant()


def owned(organization, *, ends: date, months: int = 12, anchor: int | None = None, **fields):
    """Return a running product that ends on a day."""
    product = make_product(organization, months=months, **fields)
    with tenant_scope(organization.pk):
        Product.objects.filter(pk=product.pk).update(expires_on=ends, anchor_day=anchor or ends.day)
        return Product.objects.get(pk=product.pk)


def forecast_of(organization, today=TODAY):
    with tenant_scope(organization.pk):
        return read_forecast(organization=organization, today=today)


def test_counts_each_renewal_in_its_month(organization):
    """BIL-11: once a year, or each month; by itself or by hand; what is overdue counts now."""
    yearly = owned(organization, ends=date(2027, 3, 10), quantity=2)
    owned(organization, ends=date(2026, 12, 31), months=1, anchor=31)
    owned(organization, ends=date(2026, 11, 1))
    owned(organization, ends=date(2027, 12, 1))
    with tenant_scope(organization.pk):
        Product.objects.filter(pk=yearly.pk).update(auto_renew=True)
    found = forecast_of(organization)
    by_month = {f"{row.month:%Y-%m}": (row.automatic.amount, row.by_hand.amount) for row in found.months}
    assert by_month["2026-11"] == (0, 12_000)
    assert by_month["2026-12"] == (0, 1_000)
    assert by_month["2027-02"] == (0, 1_000)  # the last day of a short month
    assert by_month["2027-03"] == (24_000, 1_000)
    assert (found.count, found.net.amount) == (1 + 11 + 1, 12_000 + 11_000 + 24_000)


def test_is_what_the_renewals_would_be_billed(organization):
    """BIL-2: the same prices as *To pay*, with the options of each product."""
    plan = make_plan()
    product = owned(organization, ends=date(2027, 1, 15), plan=plan, quantity=3)
    make_option(plan, "privacy")
    with tenant_scope(organization.pk):
        set_options(product=product, options={"privacy": 1})
        expected = forecast_of(organization).net
        invoice = compose_selection(
            organization=organization,
            choices=[DueChoice(product.pk, 12)],
            invoice_ids=[],
            actor=ACTOR,
            at=now(),
        )
    assert expected == invoice.net


def test_takes_the_price_of_the_day_of_the_renewal(organization):
    """Prices have dates: a later one counts from its day."""
    plan = make_plan(prices={("CHF", 12): 10_000})
    turn = date(2027, 2, 1)
    Price.objects.filter(plan=plan).update(valid_until=turn - timedelta(days=1))
    Price.objects.create(plan=plan, currency="CHF", months=12, amount=15_000, valid_from=turn)
    owned(organization, ends=turn - timedelta(days=1), plan=plan)
    owned(organization, ends=turn, plan=plan)
    by_month = {f"{row.month:%Y-%m}": row.net.amount for row in forecast_of(organization).months}
    assert (by_month["2027-01"], by_month["2027-02"]) == (10_000, 15_000)


def test_says_how_many_have_no_price(organization):
    """A plan that is not sold any more is counted, not priced at nothing."""
    owned(organization, ends=date(2027, 1, 15), plan=make_plan(prices={}))
    found = forecast_of(organization)
    assert (found.unpriced, found.net.amount) == (1, 0)


def test_leaves_out_what_somebody_asked_to_end(organization):
    """PRD-9: an end that waits for its confirmation is no cost to plan with."""
    from products.termination.models import TerminatedProduct, Termination

    product = owned(organization, ends=date(2027, 1, 15))
    with tenant_scope(organization.pk):
        wish = Termination.objects.create(
            organization=organization,
            reason="other",
            asked_by=make_person(),
            token_hash="x" * 64,
            created_at=now(),
            expires_at=now() + timedelta(days=7),
        )
        TerminatedProduct.objects.create(
            organization=organization, termination=wish, product=product, product_name=product.name
        )
    assert forecast_of(organization).count == 0


def test_follows_the_anchor_as_renewals_do(organization):
    """PRD-8: the month of each renewal is the one in which its period begins."""
    plan = make_plan(prices={("CHF", 3): 900})
    owned(organization, ends=date(2027, 1, 30), months=3, anchor=31, plan=plan)
    months, day = [], date(2027, 1, 30)
    while day < date(2027, 11, 1):
        months.append(day.replace(day=1))
        day = add_months(day, 3, anchor=31)
    assert [row.month for row in forecast_of(organization).months if row.count] == months


def test_takes_the_same_number_of_queries_for_many_products(organization, query_count):
    """The page's cost does not grow with the products."""
    owner = make_person()
    organization = make_tenant(owner)
    page, address = client_of(owner), f"/o/{organization.pk}/billing/figures/"
    plan = make_plan()
    make_many_products(organization, 3, plan=plan, begin=TODAY)
    page.get(address)
    with query_count() as few:
        page.get(address)
    make_many_products(organization, 500, plan=plan, begin=TODAY)
    with query_count() as many:
        page.get(address)
    assert many.count == few.count
