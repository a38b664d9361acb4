"""A visitor fills a cart, and it becomes that of the organization that orders (PRD-3, ACC-1)."""

import re

import pytest
from django.test import Client
from django.urls import reverse

from billing.orders.models import CartLine
from billing.storefront.cart import MOST_LINES
from manager.kit.scope import tenant_scope
from organizations.access.roles import Role
from organizations.members.models import Membership
from products.catalog.models import Plan, Price
from tests.billing.orders.pages import text_of, url
from tests.factories.billing import make_legal_entity
from tests.factories.cast import AT, client_of, make_person, make_tenant
from tests.factories.orders import confirm_cart, fill_cart
from tests.factories.people import PASSWORD, register
from tests.factories.products import make_option, make_plan, make_storage


def at(name, *args):
    return reverse(f"billing:storefront{name}", args=args)


def choose(visitor, plan, **fields):
    return visitor.post(at("_plan", plan.slug), {"months": 12, "quantity": 1, "name": "", **fields})


def cart_of(organization):
    with tenant_scope(organization.pk):
        return list(CartLine.objects.filter(organization_id=organization.pk).order_by("pk"))


def numbers(answer):
    """Return the page with its numbers as an English one writes them."""
    return text_of(answer).replace(",", ".")


def carry(visitor, person):
    """Return the person's browser, in which the visitor filled the cart."""
    browser = client_of(person)
    browser.cookies.update(visitor.cookies)
    return browser


class TestBrowse:
    def test_shows_families_plans_and_prices(self, client):
        """PRD-1: to everybody; the page to sign in leads there."""
        plan = make_plan(slug="hosting")
        assert at("") in text_of(client.get(reverse("accounts:sign_in")))
        assert at("_plan", plan.slug) in text_of(client.get(at("")))
        assert "CHF 10.00" in text_of(client.get(at("_family", "web")))
        assert "CHF 120.00" in text_of(client.get(at("_plan", plan.slug)))

    @pytest.mark.parametrize(
        ("languages", "currency"),
        [
            ("de-CH,de", "CHF"),
            ("de-AT,de;q=0.8", "EUR"),
            ("fr,fr-FR;q=0.5", "EUR"),
            ("en", "CHF"),
            ("-", "CHF"),
        ],
    )
    def test_guesses_the_currency_by_the_country_of_the_browser(self, client, languages, currency):
        """PRD-1: a switch says otherwise."""
        make_plan(prices={("CHF", 1): 700, ("EUR", 1): 600})
        shown = {"CHF": "7.00", "EUR": "6.00"}
        browser = Client(headers={"accept-language": languages})
        family = at("_family", "web")
        other = "EUR" if currency == "CHF" else "CHF"
        assert shown[currency] in numbers(browser.get(family))
        browser.post(at("_currency"), {"currency": other, "next": family})
        assert shown[other] in numbers(browser.get(family))
        browser.post(at("_currency"), {"currency": "XXX", "next": "https://elsewhere.example/"})
        assert shown[other] in numbers(browser.get(family))


class TestCart:
    def test_keeps_the_choice_and_prices_it_when_shown(self, client):
        """PRD-3, INC-27: prices of the day, in the visitor's currency."""
        plan = make_plan()
        make_option(plan)
        answer = choose(client, plan, quantity="3", name="Shop", **{"option-privacy": "on"})
        assert answer["Location"] == at("_cart")
        assert "CHF 396.00" in text_of(client.get(at("_cart")))
        Price.objects.using("owner").filter(plan=plan, months=12).update(amount=20_000)
        assert "CHF 636.00" in text_of(client.get(at("_cart")))

    def test_changes_and_removes_a_line(self, client):
        """PRD-3."""
        choose(client, make_plan())
        (line,) = set(re.findall(r"/shop/cart/(\w+)/", text_of(client.get(at("_cart")))))
        client.post(at("_cart_change", line), {"months": 24, "quantity": 2})
        assert "CHF 480.00" in text_of(client.get(at("_cart")))
        for bad in ({"months": 7, "quantity": 1}, {"months": 12, "quantity": "0.5"}):
            assert "CHF 480.00" in text_of(client.post(at("_cart_change", line), bad), 422)
        client.post(at("_cart_remove", line))
        assert "Your cart is empty" in text_of(client.get(at("_cart")))
        assert client.post(at("_cart_change", line), {"months": 12}).status_code == 404

    @pytest.mark.parametrize(
        "fields",
        [
            {"quantity": "0"},
            {"quantity": "-1"},
            {"quantity": str(10**9)},
            {"quantity": "0.5"},
            {"months": "7"},
            {"months": "-12"},
            {"option-foreign": "on"},
            {"option-storage": "11"},
            {"is_trial": "on"},
        ],
    )
    def test_refuses_what_is_not_offered(self, client, fields):
        """INC-27: beside the field, and nothing goes into the cart."""
        plan = make_plan()
        make_storage(plan)
        assert choose(client, plan, **fields).status_code == 422
        assert "Your cart is empty" in text_of(client.get(at("_cart")))

    def test_ignores_prices_and_closed_plans(self, client):
        """INC-27."""
        plan = make_plan()
        choose(client, plan, price="1", unit_amount="1", currency="EUR")
        assert "CHF 120.00" in text_of(client.get(at("_cart")))
        Plan.objects.using("owner").filter(pk=plan.pk).update(is_orderable=False)
        assert choose(client, plan).status_code == 404
        assert "not sold like this" in text_of(client.get(at("_cart")))

    def test_ends_where_a_browser_keeps_no_more(self, client):
        """PRD-3."""
        plan = make_plan()
        while choose(client, plan).status_code == 302:
            assert len(client.cookies["visitor-cart"].value) < 4000
        assert text_of(client.get(at("_cart"))).count("/remove/") == MOST_LINES

    @pytest.mark.parametrize("value", ["", "made-up", "W10:1:x", "e30", "ab" * 2000])
    def test_is_empty_where_the_cookie_is_not_ours(self, client, value):
        """INC-27: the cart is signed."""
        client.cookies["visitor-cart"] = value
        assert "Your cart is empty" in text_of(client.get(at("_cart")))


class TestHandover:
    def test_asks_a_visitor_to_register_or_sign_in(self, client):
        """PRD-3, ACC-1: and both lead back."""
        assert client.get(at("_checkout"))["Location"] == at("_cart")
        choose(client, make_plan())
        shown = text_of(client.get(at("_checkout")))
        assert "/register/?next=%2Fshop%2Fcheckout%2F" in shown
        assert "/sign-in/?next=%2Fshop%2Fcheckout%2F" in shown

    def test_asks_which_organization_and_fills_its_cart_once(self, client):
        """PRD-3: carts are kept per organization; a second press takes nothing over again."""
        make_legal_entity()
        person, plan = make_person(), make_plan()
        first = make_tenant(person, name="First AG")
        second = make_tenant(person, name="Second GmbH", country="DE")
        third = make_tenant(name="Third AG")
        with tenant_scope(third.pk):
            Membership.objects.create(organization=third, user=person, role=Role.EXTERNAL, created_at=AT)
        fill_cart(second, plan, name="was here")
        choose(client, plan, name="Shop", months=24)
        browser = carry(client, person)
        kept = browser.cookies["visitor-cart"].value
        shown = text_of(browser.get(at("_checkout")))
        assert "Order for First AG" in shown
        assert "Order for Second GmbH" in shown
        assert "Third" not in shown.split("<main")[1]
        for _press in range(2):
            browser.cookies["visitor-cart"] = kept
            answer = browser.post(reverse("billing:take_over_cart", args=[second.pk]))
            assert answer["Location"] == url("checkout", second)
        assert not browser.cookies["visitor-cart"].value
        assert [(line.name, line.months) for line in cart_of(second)] == [("was here", 12), ("Shop", 24)]
        assert cart_of(first) == []

    def test_tells_what_the_organization_cannot_have(self, client):
        """PRD-3: another currency, a trial that was had; the rest comes with it."""
        make_legal_entity()
        person = make_person()
        organization = make_tenant(person)
        tried, other = make_plan(trial_months=3), make_plan()
        fill_cart(organization, tried, is_trial=True)
        confirm_cart(organization, user_id=person.pk)
        choose(client, tried, is_trial="on")
        choose(client, other, name="Shop")
        browser = carry(client, person)
        answer = browser.post(reverse("billing:take_over_cart", args=[organization.pk]), follow=True)
        assert answer.redirect_chain[-1][0] == url("cart", organization)
        assert "You have had the free trial" in text_of(answer)
        assert [line.name for line in cart_of(organization)] == ["Shop"]

    def test_is_closed_to_others(self, client):
        """ORG-17: a stranger's cart is not filled."""
        organization = make_tenant()
        choose(client, make_plan())
        browser = carry(client, make_person("Stranger Person"))
        assert browser.post(reverse("billing:take_over_cart", args=[organization.pk])).status_code == 404
        assert cart_of(organization) == []

    def test_leads_there_after_signing_in_by_another_way(self, client):
        """ACC-1: who comes from the mailed link finds the cart again, once."""
        user = register()
        choose(client, make_plan())
        answer = client.post(
            reverse("accounts:sign_in"), {"email": user.email, "password": PASSWORD}, follow=True
        )
        assert answer.redirect_chain[-1][0] == at("_checkout")
        assert client.get("/")["Location"] != at("_checkout")
