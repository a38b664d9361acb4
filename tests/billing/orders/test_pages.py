"""The pages of shop, cart, checkout and orders (PRD-3, PRD-4, INC-27)."""

import pytest

from billing.orders.models import CartLine, Order
from manager.kit.scope import tenant_scope
from tests.billing.orders.pages import count, text_of, url
from tests.factories.billing import make_address
from tests.factories.cast import client_of, make_member, make_person, make_tenant
from tests.factories.orders import confirm_cart, fill_cart, total_of
from tests.factories.products import make_plan

KEY = "0123456789abcdef0123456789abcdef"


class TestShop:
    def test_shows_families_plans_and_prices(self, page, organization):
        """PRD-3: prices in the organization's currency only."""
        plan = make_plan(slug="web-m", prices={("CHF", 1): 690, ("EUR", 1): 777})
        abroad = make_plan(slug="web-eu", prices={("EUR", 1): 888})
        assert "Web m" in text_of(page.get(url("shop", organization)))
        family = text_of(page.get(url("shop_family", organization, "web")))
        assert "CHF 6.90" in family
        assert "7.77" not in family
        assert "Web eu" not in family
        assert "no price in this currency" in text_of(page.get(url("shop_plan", organization, abroad.slug)))
        assert "CHF 6.90" in text_of(page.get(url("shop_plan", organization, plan.slug)))

    def test_marks_the_family_that_is_shown(self, page, organization):
        """UI-5."""
        make_plan(family="web")
        make_plan(family="cloud")
        assert text_of(page.get(url("shop_family", organization, "cloud"))).count('aria-current="page"') >= 1

    def test_puts_a_plan_into_the_cart(self, page, organization):
        """PRD-3."""
        plan = make_plan()
        answer = page.post(
            url("shop_plan", organization, plan.slug), {"months": "12", "quantity": "2", "name": "Shop"}
        )
        assert answer.url == url("cart", organization)
        assert "Shop" in text_of(page.get(answer.url))

    @pytest.mark.parametrize(
        "fields",
        [
            {"quantity": "0"},
            {"quantity": "-1"},
            {"quantity": "1000000000"},
            {"quantity": "0.5"},
            {"quantity": "two"},
            {"months": "7"},
            {"months": "0"},
            {"months": "-12"},
            {"months": "12.0"},
            {"months": "9" * 5000},
            {"months": ""},
            {"name": "x" * 191},
            {"name": "a\x00b"},
            {"name": "a\nb"},
        ],
    )
    def test_refuses_what_is_not_offered(self, page, organization, fields):
        """INC-27: 4xx, beside the field, nothing in the cart."""
        plan = make_plan()
        sent = {"months": "12", "quantity": "1", "name": "", **fields}
        answer = page.post(url("shop_plan", organization, plan.slug), sent)
        assert answer.status_code == 422
        assert "field__error" in answer.content.decode()
        assert count(organization, CartLine) == 0

    def test_ignores_prices_and_currencies_of_the_client(self, page, organization):
        """INC-27: there is no such field."""
        plan = make_plan()
        sent = {"months": "12", "quantity": "1", "price": "1", "amount": "1", "currency": "EUR", "unit": "0"}
        page.post(url("shop_plan", organization, plan.slug), sent)
        assert total_of(organization) == 12_972

    def test_says_what_a_domain_name_is(self, page, organization):
        """PRD-3."""
        plan = make_plan(needs_domain_name=True)
        sent = {"months": "12", "name": "not a name"}
        answer = page.post(url("shop_plan", organization, plan.slug), sent)
        assert "Please enter a domain name" in text_of(answer, 422)

    @pytest.mark.parametrize("name", ["shop_plan", "shop_family"])
    def test_does_not_know_what_does_not_exist(self, page, organization, name):
        """404 as for strangers."""
        assert page.get(url(name, organization, "nothing")).status_code == 404


class TestCart:
    def test_is_empty_at_first(self, page, organization):
        """PRD-3."""
        text = text_of(page.get(url("cart", organization)))
        assert "Your cart is empty" in text
        assert url("checkout", organization) not in text

    def test_changes_and_removes_a_line(self, page, organization):
        """PRD-3."""
        line = fill_cart(organization)
        page.post(url("cart_change", organization, line.pk), {"months": "24", "quantity": "3"})
        with tenant_scope(organization.pk):
            line.refresh_from_db()
        assert (line.months, line.quantity) == (24, 3)
        page.post(url("cart_remove", organization, line.pk))
        assert count(organization, CartLine) == 0

    @pytest.mark.parametrize("quantity", ["0", "-1", "0.5", "1000000000", "x"])
    def test_refuses_other_quantities(self, page, organization, quantity):
        """INC-27: and shows the cart as it is."""
        line = fill_cart(organization)
        answer = page.post(url("cart_change", organization, line.pk), {"months": "12", "quantity": quantity})
        assert "quantity between 1 and 100" in text_of(answer, 422)

    @pytest.mark.parametrize("months", ["7", "0", "-1", "", "1000000"])
    def test_refuses_other_periods(self, page, organization, months):
        """INC-27."""
        line = fill_cart(organization)
        answer = page.post(url("cart_change", organization, line.pk), {"months": months, "quantity": "1"})
        assert answer.status_code == 422

    def test_does_not_know_lines_of_others(self, page, organization):
        """ORG-17."""
        foreign = fill_cart(make_tenant(name="Other AG"))
        answer = page.post(url("cart_change", organization, foreign.pk), {"months": "24", "quantity": "1"})
        assert answer.status_code == 404

    def test_says_what_is_no_longer_sold(self, page, organization):
        """PRD-3: it can be removed, and cannot be ordered."""
        plan = make_plan()
        line = fill_cart(organization, plan)
        type(plan).objects.using("owner").filter(pk=plan.pk).update(is_orderable=False)
        text = text_of(page.get(url("cart", organization)))
        assert "no longer sold" in text
        assert url("cart_remove", organization, line.pk) in text
        assert page.get(url("checkout", organization)).url == url("cart", organization)


class TestCheckout:
    @pytest.fixture
    def address(self, organization):
        return make_address(organization)

    def confirm(self, page, organization, address, **fields):
        sent = {
            "address": str(address.pk),
            "confirmation_key": KEY,
            "confirmed_total": str(total_of(organization)),
            **fields,
        }
        return page.post(url("checkout", organization), sent)

    def test_asks_for_an_address_first(self, page, organization):
        """BIL-8: an organization that has none enters one here."""
        fill_cart(organization)
        text = text_of(page.get(url("checkout", organization)))
        assert 'name="street"' in text
        assert "confirmation_key" not in text
        sent = {
            "do": "add_address",
            "kind": "company",
            "name": "Example AG",
            "street": "Rue 1",
            "postal_code": "1000",
            "city": "Lausanne",
            "country": "CH",
            "vat_number": "",
        }
        answer = page.post(url("checkout", organization), sent)
        assert answer.status_code == 302
        text = text_of(page.get(answer.url))
        assert "Rue 1" in text
        assert "confirmation_key" in text

    def test_says_what_an_address_lacks(self, page, organization):
        """BIL-8."""
        fill_cart(organization)
        answer = page.post(url("checkout", organization), {"do": "add_address", "name": "Example"})
        assert "field__error" in text_of(answer, 422)

    def test_shows_the_total_with_vat_of_the_address(self, page, organization, address):
        """BIL-6."""
        fill_cart(organization)
        abroad = make_address(organization, name="Filiale", country="US")
        at_home = text_of(page.get(url("checkout", organization), {"address": address.pk}))
        assert "CHF 129.72" in at_home
        assert "8.1%" in at_home
        assert "CHF 120.00" in text_of(page.get(url("checkout", organization), {"address": abroad.pk}))

    def test_orders_and_leads_to_the_payment(self, page, organization, address):
        """PRD-3."""
        fill_cart(organization)
        answer = self.confirm(page, organization, address)
        with tenant_scope(organization.pk):
            order = Order.objects.get()
        assert answer.url == url("pay_invoice", organization, order.invoice_id)

    def test_gives_one_order_when_pressed_twice(self, page, organization, address):
        """PRD-3: the second press finds the order of the first, though the cart is empty by now."""
        fill_cart(organization)
        total = str(total_of(organization))
        first = self.confirm(page, organization, address)
        sent = {"address": str(address.pk), "confirmation_key": KEY, "confirmed_total": total}
        second = page.post(url("checkout", organization), sent)
        assert second.url == first.url
        assert count(organization, Order) == 1

    @pytest.mark.parametrize("total", ["1", "0", "-12972", "12971", "129.72", "1e9", "", "9" * 400])
    def test_refuses_a_tampered_total(self, page, organization, address, total):
        """INC-27: and shows the right one."""
        fill_cart(organization)
        answer = self.confirm(page, organization, address, confirmed_total=total)
        assert answer.status_code in {409, 422}
        assert "CHF 129.72" in text_of(answer, answer.status_code)
        assert count(organization, Order) == 0

    @pytest.mark.parametrize("key", ["", "short", "x" * 32, KEY + "0", "\x00"])
    def test_refuses_a_strange_confirmation(self, page, organization, address, key):
        """INC-27."""
        fill_cart(organization)
        answer = self.confirm(page, organization, address, confirmation_key=key)
        assert answer.status_code == 422
        assert count(organization, Order) == 0

    def test_refuses_the_address_of_another_organization(self, page, organization, address):
        """ORG-17: neither shown nor billed."""
        foreign = make_address(make_tenant(name="Other AG"), name="Foreign Ltd", street="Secret street 1")
        fill_cart(organization)
        answer = self.confirm(page, organization, foreign)
        assert answer.status_code in {404, 422}
        assert "Secret street" not in answer.content.decode()
        assert count(organization, Order) == 0


PAGES = ["shop", "cart", "checkout", "orders"]


@pytest.mark.parametrize("name", PAGES)
def test_is_closed_to_members_without_billing_and_to_strangers(organization, name):
    """ORG-6: a 403 that says why; a 404 to strangers; the sign-in to visitors."""
    fill_cart(organization)
    member = client_of(make_member(organization))
    assert member.get(url(name, organization)).status_code == 403
    assert client_of(make_person("Charlie Stone")).get(url(name, organization)).status_code == 404


def test_cart_is_shared_by_the_organization(organization, page):
    """PRD-3: kept per organization."""
    colleague = client_of(make_member(organization, has_billing=True))
    fill_cart(organization, name="Common shop")
    assert "Common shop" in text_of(colleague.get(url("cart", organization)))
    assert "Common shop" in text_of(page.get(url("cart", organization)))
    confirm_cart(organization)
    assert "Your cart is empty" in text_of(colleague.get(url("cart", organization)))
