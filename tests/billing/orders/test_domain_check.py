"""Domain names are checked for their form, their extension and what is registered here (PRD-3)."""

import pytest
from django.urls import reverse

from billing.orders.domain_check import DomainNameTaken, check_domain_names
from billing.orders.domain_names import DomainNameInvalid, require_extension
from billing.orders.models import Order
from manager.kit.scope import tenant_scope
from tests.billing.orders.pages import text_of, url
from tests.factories.cast import make_tenant
from tests.factories.orders import confirm_cart, fill_cart
from tests.factories.payments import now
from tests.factories.products import make_plan, make_product


def domain_plan(extension, price):
    return make_plan(
        slug=f"domain-{extension[1:].replace('.', '-')}",
        kind="domain",
        needs_domain_name=True,
        extension=extension,
        prices={("CHF", 12): price, ("EUR", 12): price},
    )


@pytest.fixture
def plans():
    return {end: domain_plan(end, price) for end, price in ((".ch", 900), (".com", 1200), (".co.uk", 1500))}


@pytest.mark.parametrize(
    ("typed", "extension", "name"),
    [
        ("example.ch", ".ch", "example.ch"),
        (" Example.CH. ", ".ch", "example.ch"),
        ("example", ".ch", "example.ch"),
        ("müller", ".ch", "müller.ch"),
        ("xn--mller-kva.ch", ".ch", "müller.ch"),
        ("shop.co.uk", ".co.uk", "shop.co.uk"),
    ],
)
def test_reads_a_name_below_its_extension(typed, extension, name):
    """PRD-3: the extension may be left out; IDNA."""
    assert require_extension(typed, extension) == name


@pytest.mark.parametrize("typed", ["example.com", "www.example.ch", ".ch", "", "-a.ch", "a b.ch", "a" * 64])
def test_refuses_names_of_other_extensions_and_below_names(typed):
    """PRD-3."""
    with pytest.raises(DomainNameInvalid):
        require_extension(typed, ".ch")


def test_says_what_is_free_with_alternatives_and_prices(plans):
    """PRD-3: several at once; the extension that was typed comes first."""
    make_product(make_tenant(name="Other AG"), plan=plans[".ch"], name="taken.ch")
    first, second, third = check_domain_names(
        names=["taken.ch", "shop", "shop.example"], currency="CHF", on=now().date()
    )
    assert [(row.name, row.is_free, row.price.amount) for row in first.offers] == [
        ("taken.ch", False, 900),
        ("taken.com", True, 1200),
        ("taken.co.uk", True, 1500),
    ]
    assert [row.name for row in second.offers] == ["shop.ch", "shop.com", "shop.co.uk"]
    assert third.problem
    assert [row.name for row in third.offers] == ["shop.ch", "shop.com", "shop.co.uk"]


class TestTaken:
    def test_is_not_sold_a_second_time(self, organization, plans):
        """PRD-3: also when it was registered after it went into the cart."""
        fill_cart(organization, plans[".ch"], name="example.ch")
        make_product(make_tenant(name="Other AG"), plan=plans[".ch"], name="example.ch")
        with pytest.raises(DomainNameTaken):
            confirm_cart(organization)
        with tenant_scope(organization.pk):
            assert not Order.objects.exists()
        with pytest.raises(DomainNameTaken):
            fill_cart(organization, plans[".ch"], name="EXAMPLE.ch")

    def test_hinders_no_other_use_of_the_name(self, organization, plans):
        """PRD-3: a mail service or a site of that name is no registration."""
        make_product(make_tenant(name="Other AG"), name="example.ch")
        assert fill_cart(organization, plans[".ch"], name="example.ch").name == "example.ch"

    def test_is_told_beside_the_field_and_not_whose_it_is(self, page, organization, plans):
        """PRD-3, ORG-17: with the alternatives."""
        make_product(make_tenant(name="Xenon Ltd"), plan=plans[".ch"], name="example.ch")
        sent = {"months": 12, "name": "example.ch"}
        shown = text_of(page.post(url("shop_plan", organization, plans[".ch"].slug), sent), 422)
        assert "This domain name is taken" in shown
        assert "example.com" in shown
        assert "Xenon" not in shown


def test_checks_several_on_one_page(page, organization, plans):
    """PRD-3."""
    address = url("shop_domains", organization)
    assert "names" in text_of(page.get(address))
    shown = text_of(page.get(address, {"names": "shop.ch, laden\nshop.com"}))
    assert all(name in shown for name in ("shop.ch", "laden.ch", "laden.com", "CHF 12.00"))
    assert "at most ten" in text_of(page.get(address, {"names": " ".join(map(str, range(11)))}), 422)


def test_answers_programs_without_a_token(client, plans):
    """API-1."""
    make_product(make_tenant(name="Xenon Ltd"), plan=plans[".ch"], name="example.ch")
    answer = client.get(reverse("api-1:public_domain_names"), {"names": "example.ch", "currency": "EUR"})
    (row,) = answer.json()["data"]
    assert row["asked"] == "example.ch"
    assert [(one["name"], one["is_free"], one["amount"]["currency"]) for one in row["offers"]][:2] == [
        ("example.ch", False, "EUR"),
        ("example.com", True, "EUR"),
    ]
    assert client.get(reverse("api-1:public_domain_names")).status_code in (400, 422)
