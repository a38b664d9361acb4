"""A change of an offer is quoted by day, at the server's prices (PRD-10, PRD-14)."""

from datetime import UTC, date, datetime, timedelta

import pytest

from billing.changes.models import ChangeQuote
from billing.changes.rules import ShorterTooEarly
from billing.changes.services import quote_change
from billing.changes.services.quote import NotChangeable, NothingChanged, PlanRefused
from billing.orders.services.cart import QuantityRefused
from manager.kit.scope import tenant_scope
from products.catalog.models import Price
from products.catalog.pricing import OptionRefused
from products.catalog.selectors import PriceNotFound
from products.inventory.services import suspend_product
from tests.factories.billing import ACTOR
from tests.factories.products import make_option, make_plan, make_product, make_storage, reread

AT = datetime(2026, 8, 31, 9, 0, tzinfo=UTC)  # 182 of 365 days are left of a year from 1 March 2026


def quote(product, *, at=AT, **wanted):
    with tenant_scope(product.organization_id):
        product = reread(product, product.organization)
        return quote_change(product=product, at=at, **wanted)


def sums(change):
    return [row["net"] for row in change.charges], [row["net"] for row in change.set_off]


def make_pair():
    """Return a plan at 120 a year and one at 240."""
    cheap = make_plan()
    dear = make_plan(prices={(currency, m): 2000 * m for currency in ("CHF", "EUR") for m in (1, 12, 24)})
    return cheap, dear


def test_an_upgrade_pays_the_difference_of_the_days_left(buy):
    """PRD-14: 182 of 365 days of 240.00, less those of 120.00; VAT half up once per line."""
    cheap, dear = make_pair()
    change = quote(buy(cheap), plan=dear)
    assert sums(change) == ([11_967], [5_984])  # 119.67, 59.84
    assert change.due_amount == 11_967 + 969 - 5_984 - 485
    assert change.surplus_amount == 0
    assert change.charges[0]["first"], change.charges[0]["end"] == ("2026-08-31", "2027-03-01")


def test_a_downgrade_gives_the_surplus_back(buy):
    """PRD-14: what the new offer costs is set off; the rest, with its VAT, becomes balance."""
    cheap, dear = make_pair()
    change = quote(buy(dear), plan=cheap)
    assert sums(change) == ([5_984], [5_984])
    assert (change.due_amount, change.surplus_amount) == (0, 11_967 + 969 - 5_984 - 485)


def test_an_option_is_added_without_touching_the_plan(buy):
    """PRD-14: at the price of today, while the plan keeps what was paid for it."""
    plan = make_plan()
    make_option(plan)
    product = buy(plan)
    Price.objects.update(amount=99_999)
    change = quote(product, options={"privacy": 1})
    assert [(row["component"], row["net"]) for row in change.charges] == [("privacy", 598)]
    assert change.set_off == change.surplus == []


def test_fewer_units_give_the_rest_back(buy):
    """PRD-14: 300 GB less."""
    plan = make_plan()
    make_storage(plan)
    change = quote(buy(plan, options={"storage": 410}), options={"storage": 110})
    assert sums(change) == ([299], [299])
    assert sum(row["net"] for row in change.surplus) == 1_197 - 299


def test_more_of_everything_is_computed_for_each_component(buy):
    """PRD-14: another quantity has the plan and its options priced anew."""
    plan = make_plan()
    make_option(plan)
    change = quote(buy(plan, options={"privacy": 1}), quantity=3)
    assert sums(change) == ([17_951, 1_795], [5_984, 598])


def test_another_period_costs_nothing_now(buy):
    """PRD-10: it begins when the paid time ends."""
    change = quote(buy(make_plan()), months=24)
    assert (change.due_amount, change.surplus_amount, change.charges) == (0, 0, [])
    assert change.months == 24


def test_a_shorter_period_waits_for_the_last_month(buy):
    """PRD-10: and the refusal names the day."""
    product = buy(make_plan())
    with pytest.raises(ShorterTooEarly) as refused:
        quote(product, months=1, at=datetime(2027, 1, 31, 22, 59, tzinfo=UTC))
    assert refused.value.context == {"possible_from": "2027-02-01"}
    assert quote(product, months=1, at=datetime(2027, 1, 31, 23, 0, tzinfo=UTC)).months == 1


def test_days_paid_at_another_price_are_worth_what_was_paid(buy):
    """PRD-14: a dearer price today is charged for the new offer, and not given back for the old."""
    cheap, dear = make_pair()
    product = buy(cheap)
    Price.objects.filter(plan=cheap).update(amount=99_999)
    assert sums(quote(product, plan=dear)) == ([11_967], [5_984])


def test_a_product_that_brought_no_invoice_is_charged_the_difference(organization):
    """A product received from elsewhere: nothing was paid here that could be given back."""
    cheap, dear = make_pair()
    product = make_product(organization, plan=cheap, at=datetime(2026, 3, 1, 10, tzinfo=UTC))
    assert sums(quote(product, plan=dear)) == ([11_967 - 5_984], [])
    other = make_product(organization, plan=dear, at=datetime(2026, 3, 1, 10, tzinfo=UTC))
    change = quote(other, plan=cheap)
    assert (change.due_amount, change.surplus_amount) == (0, 0)


def test_holds_for_15_minutes(buy):
    """PRD-14: stored, with what it was computed for."""
    change = quote(buy(make_plan()), months=24)
    assert change.valid_until == AT + timedelta(minutes=15)
    assert change.before["expires_on"] == "2027-03-01"
    assert change.on == date(2026, 8, 31)


@pytest.mark.parametrize("quantity", [0, -1, 10**9, 0.5, True, "2"], ids=str)
def test_refuses_a_quantity_that_is_none(buy, quantity):
    """INC-27."""
    with pytest.raises(QuantityRefused):
        quote(buy(make_plan()), quantity=quantity)


def test_refuses_what_cannot_be_had(buy, organization):
    """INC-27: plans of other families or modules, other options, unknown periods, and the present offer."""
    plan = make_plan()
    product = buy(plan)
    for other in (make_plan(kind="mail"), make_plan(family="cloud"), make_plan(is_orderable=False)):
        with pytest.raises(PlanRefused):
            quote(product, plan=other)
    with pytest.raises(OptionRefused):
        quote(product, options={"foreign": 1})
    with pytest.raises(PriceNotFound):
        quote(product, months=36)
    with pytest.raises(NothingChanged):
        quote(product, months=12, quantity=1)
    with tenant_scope(organization.pk):
        assert not ChangeQuote.objects.exists()


def test_a_domain_keeps_its_extension_and_its_number(buy):
    """PRD-14."""
    plan = make_plan(kind="domain", needs_domain_name=True)
    product = buy(plan, name="example.ch")
    with pytest.raises(PlanRefused):
        quote(product, plan=make_plan(kind="domain", needs_domain_name=True))
    with pytest.raises(QuantityRefused):
        quote(product, quantity=2)


def test_refuses_a_product_that_does_not_run(buy, organization):
    """PRD-10: suspended, or expired today."""
    product = buy(make_plan())
    with pytest.raises(NotChangeable):
        quote(product, months=24, at=datetime(2027, 3, 1, 9, tzinfo=UTC))
    with tenant_scope(organization.pk):
        suspend_product(product=product, actor=ACTOR, at=AT)
    with pytest.raises(NotChangeable):
        quote(product, months=24)
