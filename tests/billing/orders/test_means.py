"""At the checkout the means of payment is chosen before the codes, and goes along to the payment (PRD-3)."""

import re

import pytest
from django.urls import reverse

from tests.factories.billing import make_address, make_legal_entity
from tests.factories.cast import client_of, make_person, make_tenant
from tests.factories.orders import fill_cart
from tests.factories.promotions import make_code


@pytest.fixture
def owner():
    return make_person("Anna Keller")


@pytest.fixture
def organization(owner):
    make_legal_entity()
    found = make_tenant(owner)
    make_address(found)
    return found


@pytest.fixture
def page(owner):
    return client_of(owner)


def checkout(organization):
    return reverse("billing:checkout", args=[organization.pk])


def hidden(html, name):
    return re.search(rf'name="{name}" value="([^"]*)"', html)[1]


def checked(html):
    return [tag for tag in re.findall(r"<input[^>]*name=\"choice\"[^>]*>", html) if "checked" in tag]


def test_the_means_stand_before_the_codes(page, organization):
    """PRD-3: address, means, codes; the first that can be chosen is chosen."""
    fill_cart(organization)
    html = page.get(checkout(organization)).content.decode()
    places = [html.index(text) for text in ('name="address"', 'value="new-card"', 'name="code"')]
    assert places == sorted(places)
    assert len(checked(html)) == 1


def test_the_choice_goes_along_to_the_payment(page, organization):
    """PRD-3: there it is chosen already, and another one can be."""
    fill_cart(organization)
    html = page.get(checkout(organization)).content.decode()
    sent = {name: hidden(html, name) for name in ("address", "confirmation_key", "confirmed_total")}
    answer = page.post(checkout(organization), {**sent, "choice": "new-twint"})
    assert answer.url.endswith("/pay/?with=new-twint")
    (tag,) = checked(page.get(answer.url).content.decode())
    assert 'value="new-twint"' in tag
    again = page.post(checkout(organization), {**sent, "choice": "new-twint"})
    assert again.url == answer.url


def test_a_code_does_not_lose_the_choice(page, organization):
    """PRD-3: several codes, one after another."""
    fill_cart(organization)
    for code in (make_code("WELCOME10"), make_code(amount=800)):
        answer = page.post(
            checkout(organization), {"do": "enter_code", "code": code.code, "choice": "new-twint"}
        )
        (tag,) = checked(page.get(answer.url).content.decode())
        assert 'value="new-twint"' in tag
    refused = page.post(answer.url, {"do": "enter_code", "code": "NOSUCH", "choice": "new-paypal"})
    assert refused.status_code == 422
    (tag,) = checked(refused.content.decode())
    assert 'value="new-paypal"' in tag


def test_another_address_does_not_lose_the_choice(page, organization):
    """BIL-8, PRD-3: neither one that is chosen nor one that is entered, nor the wish to enter one."""
    fill_cart(organization)
    other = make_address(organization, name="Branch")
    html = page.get(checkout(organization)).content.decode()
    for name in ("address", "choice"):
        fields = re.findall(rf'<input[^>]*name="{name}"[^>]*>', html)
        assert [tag for tag in fields if 'form="order"' in tag]  # so both are sent with each other
    for wish in ("use_address", "other_address"):
        assert f'form="order" name="do" value="{wish}"' in html
        sent = {"do": wish, "address": str(other.pk), "choice": "new-twint"}
        answer = page.post(checkout(organization), sent)
        shown = page.get(answer.url)
        assert shown.context["cart"].chosen == str(other.pk)
        assert shown.context["asks_address"] == (wish == "other_address")
        (tag,) = checked(shown.content.decode())
        assert 'value="new-twint"' in tag
    # Without scripts a hidden field says what was chosen when the form was shown; with them it is set anew.
    forms = re.findall(r'<form[^>]*data-along="choice".*?</form>', shown.content.decode(), re.DOTALL)
    (form,) = (one for one in forms if 'value="add_address"' in one)
    assert 'name="choice" value="new-twint"' in form
    fresh = {"kind": "company", "name": "New AG", "street": "Gasse 1", "postal_code": "8001", "city": "Uster"}
    entered = page.post(answer.url, {"do": "add_address", "choice": "new-paypal", **fresh, "country": "CH"})
    (tag,) = checked(page.get(entered.url).content.decode())
    assert 'value="new-paypal"' in tag
    refused = page.post(answer.url, {"do": "add_address", "choice": "new-paypal", "name": ""})
    assert refused.status_code == 422
    (tag,) = checked(refused.content.decode())
    assert 'value="new-paypal"' in tag


def test_the_order_goes_to_the_address_that_is_chosen_on_the_page(page, organization):
    """BIL-8: also where the page was not counted anew for it; another total is asked for once more."""
    fill_cart(organization)
    make_address(organization, name="Branch")
    abroad = make_address(organization, name="GmbH", country="US")
    html = page.get(checkout(organization)).content.decode()
    sent = {name: hidden(html, name) for name in ("confirmation_key", "confirmed_total")}
    asked = page.post(checkout(organization), {**sent, "address": str(abroad.pk), "choice": "new-twint"})
    assert asked.status_code == 409
    assert asked.context["cart"].chosen == str(abroad.pk)
    sent["confirmed_total"] = hidden(asked.content.decode(), "confirmed_total")
    assert page.post(checkout(organization), {**sent, "address": str(abroad.pk)}).status_code == 302


@pytest.mark.parametrize("choice", ["nothing-9", "method-999999999", "<script>"])
def test_a_strange_choice_chooses_what_is_there(page, organization, choice):
    """PRD-3, INC-27: shown as text nowhere."""
    fill_cart(organization)
    html = page.get(checkout(organization), {"with": choice}).content.decode()
    assert len(checked(html)) == 1
    assert f'value="{choice}"' not in html


def test_what_is_free_asks_for_no_means(page, organization):
    """BIL-13: a code takes off all of it."""
    fill_cart(organization)
    code = make_code("ALLFREE", percent=10_000)
    answer = page.post(checkout(organization), {"do": "enter_code", "code": code.code})
    html = page.get(answer.url).content.decode()
    assert "Order for free" in html
    assert not checked(html)
