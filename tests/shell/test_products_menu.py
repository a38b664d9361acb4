"""The products menu: families with their products and a search, however many there are (PRD-2)."""

import pytest
from django.urls import reverse

from tests.factories.billing import make_legal_entity
from tests.factories.cast import client_of, grant, make_member, make_person, make_tenant
from tests.factories.payments import now
from tests.factories.products import make_family, make_many_products, make_plan, make_product


@pytest.fixture
def owner():
    return make_person()


@pytest.fixture
def organization(owner):
    make_legal_entity()
    make_family("web")
    return make_tenant(owner)


def menu(organization):
    return reverse("shell:products_menu", args=[organization.pk])


def test_is_a_page_without_scripts_and_a_fragment_with_them(owner, organization):
    """UI: the same families, first products and counts."""
    product = make_product(organization)
    page = client_of(owner)
    whole = page.get(menu(organization)).content.decode()
    part = page.get(menu(organization), headers={"HX-Request": "true"}).content.decode()
    assert "<html" in whole
    assert "<html" not in part
    for text in (whole, part):
        assert product.name in text


def test_finds_a_part_of_a_name_and_shows_only_what_is_granted(owner, organization):
    """ORG-13."""
    plan = make_plan()
    seen, hidden = (
        make_product(organization, plan=plan, name=f"{name}.example") for name in ("blue", "bluff")
    )
    found = client_of(owner).get(menu(organization), {"q": "blu"}).content.decode()
    assert (seen.name in found, hidden.name in found) == (True, True)
    assert seen.name not in client_of(owner).get(menu(organization), {"q": "luf"}).content.decode()
    member = make_member(organization)
    grant(organization, member, product_id=seen.pk)
    found = client_of(member).get(menu(organization), {"q": "blu"}).content.decode()
    assert (seen.name in found, hidden.name in found) == (True, False)


def test_takes_the_same_number_of_queries_for_many_products(owner, organization, query_count):
    """And shows the first few of them."""
    page, plan = client_of(owner), make_plan()
    make_many_products(organization, 3, plan=plan, begin=now().date())
    page.get(menu(organization), {"q": "site"})
    with query_count() as few:
        page.get(menu(organization), {"q": "site"})
    make_many_products(organization, 1_200, plan=plan, begin=now().date())
    with query_count() as many:
        text = page.get(menu(organization), {"q": "site"}).content.decode()
    assert many.count == few.count
    assert "1,000+" in text
