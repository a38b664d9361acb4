"""What goes into a cart, and what does not (PRD-3, INC-27)."""

from datetime import timedelta

import pytest

from billing.orders.domain_names import DomainNameInvalid
from billing.orders.models import CartLine
from billing.orders.selectors import price_cart
from billing.orders.services import add_to_cart, change_cart_line, remove_from_cart
from billing.orders.services.cart import MOST_LINES, CartFull, QuantityRefused
from manager.kit.errors import NotFound
from manager.kit.scope import tenant_scope
from products.catalog.models import Price
from products.catalog.selectors import PriceNotFound
from tests.factories.billing import make_legal_entity
from tests.factories.cast import make_tenant
from tests.factories.orders import address_of, fill_cart
from tests.factories.payments import now
from tests.factories.products import make_plan


@pytest.fixture
def organization():
    return make_tenant()


def lines_of(organization):
    with tenant_scope(organization.pk):
        return list(CartLine.objects.filter(organization_id=organization.pk).order_by("pk"))


class TestAddToCart:
    def test_keeps_the_choice_and_no_price(self, organization):
        """PRD-3: what it costs is read when it is shown."""
        plan = make_plan()
        fill_cart(organization, plan, months=24, quantity=3, name="  Shop  ")
        (line,) = lines_of(organization)
        assert (line.plan_id, line.months, line.quantity, line.name) == (plan.pk, 24, 3, "Shop")
        assert not any("amount" in field.name or "price" in field.name for field in line._meta.get_fields())

    @pytest.mark.parametrize("quantity", [0, -1, 101, 10**9, 0.5, "2", True, None])
    def test_refuses_other_quantities(self, organization, quantity):
        """INC-27."""
        with pytest.raises(QuantityRefused):
            fill_cart(organization, quantity=quantity)
        assert lines_of(organization) == []

    @pytest.mark.parametrize("months", [0, -12, 2, 36, 10**6])
    def test_refuses_periods_that_are_not_sold(self, organization, months):
        """INC-27."""
        with pytest.raises(PriceNotFound):
            fill_cart(organization, months=months)

    def test_refuses_a_plan_without_a_price_in_the_currency(self, organization):
        """INC-27: the currency is the organization's."""
        plan = make_plan(prices={("EUR", 12): 1000})
        with pytest.raises(PriceNotFound):
            fill_cart(organization, plan)

    def test_refuses_a_plan_that_is_no_longer_sold(self, organization):
        """PRD-3."""
        with pytest.raises(PriceNotFound):
            fill_cart(organization, make_plan(is_orderable=False))

    def test_wants_a_domain_name_where_the_plan_needs_one(self, organization):
        """PRD-3: and takes exactly one of it."""
        plan = make_plan(needs_domain_name=True)
        with pytest.raises(DomainNameInvalid):
            fill_cart(organization, plan, name="My shop")
        line = fill_cart(organization, plan, name="WWW-Shop.CH.", quantity=7)
        assert (line.name, line.quantity) == ("www-shop.ch", 1)

    def test_does_not_take_the_same_domain_name_twice(self, organization):
        """PRD-3."""
        plan = make_plan(needs_domain_name=True)
        first = fill_cart(organization, plan, name="example.ch")
        assert fill_cart(organization, plan, name="EXAMPLE.ch").pk == first.pk

    def test_ends_at_fifty_lines(self, organization):
        """PRD-3."""
        plan = make_plan()
        for _ in range(MOST_LINES):
            fill_cart(organization, plan)
        with pytest.raises(CartFull):
            fill_cart(organization, plan)


class TestChangeCartLine:
    def change(self, organization, line_id, *, months=24, quantity=2):
        with tenant_scope(organization.pk):
            return change_cart_line(
                organization=organization, line_id=line_id, months=months, quantity=quantity, at=now()
            )

    def test_changes_period_and_quantity(self, organization):
        """PRD-3."""
        line = fill_cart(organization)
        self.change(organization, line.pk)
        (changed,) = lines_of(organization)
        assert (changed.months, changed.quantity) == (24, 2)

    def test_refuses_a_line_of_another_organization(self, organization):
        """ORG-17."""
        other = make_tenant(name="Other AG")
        line = fill_cart(other)
        with pytest.raises(NotFound):
            self.change(organization, line.pk)
        assert lines_of(other)[0].months == 12

    @pytest.mark.parametrize("quantity", [0, -1, 10**9])
    def test_refuses_other_quantities(self, organization, quantity):
        """INC-27."""
        line = fill_cart(organization)
        with pytest.raises(QuantityRefused):
            self.change(organization, line.pk, quantity=quantity)

    def test_keeps_one_of_a_domain_name(self, organization):
        """PRD-3."""
        line = fill_cart(organization, make_plan(needs_domain_name=True), name="example.ch")
        assert self.change(organization, line.pk, quantity=5).quantity == 1


def test_removes_own_lines_only(organization):
    """PRD-3, ORG-17."""
    other = make_tenant(name="Other AG")
    foreign, own = fill_cart(other), fill_cart(organization)
    with tenant_scope(organization.pk):
        remove_from_cart(organization=organization, line_id=foreign.pk)
        remove_from_cart(organization=organization, line_id=own.pk)
    assert lines_of(organization) == []
    assert len(lines_of(other)) == 1


class TestPriceCart:
    def price(self, organization):
        make_legal_entity()
        today = now().date()
        with tenant_scope(organization.pk):
            return price_cart(organization=organization, buyer=address_of(organization), on=today)

    def test_takes_the_price_of_the_day(self, organization):
        """INC-27: an offer that ended is no longer given."""
        plan = make_plan()
        fill_cart(organization, plan)
        yesterday = now().date() - timedelta(days=1)
        Price.objects.using("owner").filter(plan=plan, currency="CHF", months=12).update(
            valid_until=yesterday
        )
        Price.objects.using("owner").create(
            plan=plan, currency="CHF", months=12, amount=20_000, valid_from=now().date()
        )
        assert self.price(organization).quote.net.amount == 20_000

    def test_sets_aside_what_is_no_longer_sold(self, organization):
        """PRD-3."""
        plan = make_plan()
        fill_cart(organization, plan)
        type(plan).objects.using("owner").filter(pk=plan.pk).update(is_orderable=False)
        priced = self.price(organization)
        assert priced.quote is None
        assert [line.plan_id for line in priced.unavailable] == [plan.pk]


def test_adds_only_in_the_scope_of_the_organization(organization):
    """Tenancy: without a scope nothing is written."""
    plan = make_plan()
    with pytest.raises(Exception, match=r"row-level security|does not exist"):
        add_to_cart(organization=organization, plan=plan, months=12, quantity=1, name="", at=now())
