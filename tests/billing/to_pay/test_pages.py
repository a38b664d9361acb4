"""The page To pay (BIL-2)."""

from datetime import timedelta
from html import unescape

import pytest
from django.urls import reverse

from billing.invoices.models import Invoice
from billing.payments.selectors import count_to_pay
from billing.profiles.models import BillingAddress
from manager.kit.scope import tenant_scope
from products.inventory.services.options import set_options
from tests.factories.billing import make_address, make_legal_entity
from tests.factories.cast import client_of, make_person, make_tenant
from tests.factories.payments import make_order_invoice, now
from tests.factories.products import make_many_products, make_option, make_plan, make_product
from tests.factories.tokens import token_client


@pytest.fixture
def owner():
    return make_person()


@pytest.fixture
def organization(owner):
    make_legal_entity()
    return make_tenant(owner)


@pytest.fixture
def page(owner):
    return client_of(owner)


def url(organization):
    return reverse("billing:to_pay", args=[organization.pk])


def due_in(organization, days, **given):
    """Return a product that expires in `days` days."""
    begun = now() + timedelta(days=days) - timedelta(days=365)
    return make_product(organization, at=begun, **given)


def test_lists_what_is_due_in_two_months_and_all(organization, page):
    """BIL-2."""
    soon, later = due_in(organization, 30), due_in(organization, 200)
    draft, _ = make_order_invoice(organization)
    text = page.get(url(organization)).content.decode()
    assert soon.name in text
    assert later.name not in text
    assert f"Pro forma {draft.pk}" in text
    assert later.name in page.get(url(organization), {"show": "all"}).content.decode()
    day = (now().date() + timedelta(days=220)).isoformat()
    assert later.name in page.get(url(organization), {"show": "day", "until": day}).content.decode()


def test_names_the_options_that_the_price_is_of(organization, page):
    """BIL-2, PRD-14: beside the plan."""
    product = due_in(organization, 30)
    make_option(product.plan, "privacy")
    with tenant_scope(organization.pk):
        set_options(product=product, options={"privacy": 1})
    option = product.plan.options.get(slug="privacy")
    assert f"{product.plan.name}, {option.name}" in unescape(page.get(url(organization)).content.decode())


def test_counts_the_selection_with_vat(organization, page):
    """BIL-2, BIL-6: the price of the chosen period at once, from the server."""
    product = due_in(organization, 30)
    shown = page.get(url(organization), {"product": product.pk, f"months-{product.pk}": 24})
    text = unescape(shown.content.decode())
    assert "240.00" in text
    assert "259.44" in text


def test_pays_the_selection_with_one_invoice(organization, page):
    """BIL-2."""
    first, second = due_in(organization, 30), due_in(organization, 40)
    answer = page.post(
        reverse("billing:to_pay_select", args=[organization.pk]),
        {"product": [first.pk, second.pk], f"months-{first.pk}": 24, "do": "pay"},
    )
    with tenant_scope(organization.pk):
        invoice = Invoice.objects.get()
        assert sorted(invoice.lines.values_list("months", flat=True)) == [12, 24]
    assert answer.url == reverse("billing:pay_invoice", args=[organization.pk, invoice.pk])


def test_bills_the_selection_to_the_chosen_address(organization, page, owner):
    """BIL-8: on the page and over REST; where none is chosen, as set for the products."""
    product = due_in(organization, 30)
    assert "As set for what is selected" not in page.get(url(organization)).content.decode()
    make_address(organization, is_default=True)
    german = make_address(organization, kind="person", name="Otto Frei", city="Berlin", country="DE")
    stranger = make_address(make_tenant(), name="Somebody else")
    chosen = {"product": product.pk, "address": german.pk}
    shown = unescape(page.get(url(organization), chosen).content.decode())
    assert "As set for what is selected" in shown
    assert "Otto Frei, Berlin" in shown
    assert "142.80" in shown, "the VAT of Germany"
    assert page.get(url(organization), {**chosen, "address": stranger.pk}).status_code == 200

    api = token_client(owner, "billing:write", "billing:read")
    asked = {"products": [{"product": product.pk, "months": 12}], "address": stranger.pk}
    path = f"/api/1/organizations/{organization.pk}/to-pay"
    for end in ("", "/quote"):
        assert api.post(path + end, asked, content_type="application/json").status_code == 404
    asked["address"] = german.pk
    quoted = api.post(path + "/quote", asked, content_type="application/json").json()["data"]
    select = reverse("billing:to_pay_select", args=[organization.pk])
    assert f"address={german.pk}" in page.post(select, {**chosen, "do": "update"}).url
    page.post(select, {**chosen, "do": "pay"})
    with tenant_scope(organization.pk):
        invoice = Invoice.objects.get()
    assert (invoice.billing_address_id, invoice.total_amount) == (
        german.pk,
        quoted["total_amount"]["amount"],
    )
    # The draft goes to another address still: it is carried over, and the former one is cancelled.
    default = BillingAddress.objects.using("system").get(organization_id=organization.pk, is_default=True)
    page.post(select, {"invoice": invoice.pk, "address": default.pk, "do": "pay"})
    with tenant_scope(organization.pk):
        moved = Invoice.objects.exclude(pk=invoice.pk).get()
        invoice.refresh_from_db()
    assert (moved.billing_address_id, invoice.status, invoice.replaced_by_id) == (
        default.pk,
        "cancelled",
        moved.pk,
    )


def test_counts_again_without_scripts(organization, page):
    """UI: POST, redirect, GET."""
    product = due_in(organization, 30)
    answer = page.post(
        reverse("billing:to_pay_select", args=[organization.pk]), {"product": product.pk, "do": "update"}
    )
    assert answer.status_code == 302
    assert f"kept={product.pk}" in answer.url


@pytest.mark.parametrize(
    "sent",
    [
        {},
        {"product": "abc"},
        {"product": "9" * 30},
        {"product": "999999"},
        {"invoice": "-1"},
        {"product": "\x00"},
        {"invoice": "1", "months-x": "y"},
    ],
)
def test_refuses_strange_selections(organization, page, sent):
    """INC-27."""
    answer = page.post(reverse("billing:to_pay_select", args=[organization.pk]), {**sent, "do": "pay"})
    assert 400 <= answer.status_code < 500


@pytest.mark.parametrize(
    "query",
    ["?until=x&show=day", "?after=%00", "?q=%00", "?months-1=99999999999999999999", "?product=" + "9" * 400],
)
def test_survives_strange_addresses(organization, page, query):
    """No 500 for any address."""
    assert page.get(url(organization) + query).status_code < 500


def test_takes_the_same_number_of_queries_for_many_rows(organization, page, query_count):
    """The page's cost does not grow with the list."""
    plan = make_plan()
    page.get(url(organization))
    make_many_products(organization, 5, plan=plan, begin=now().date())
    with query_count() as few:
        page.get(url(organization), {"show": "all"})
    make_many_products(organization, 300, plan=plan, begin=now().date())
    with query_count() as many:
        page.get(url(organization), {"show": "all"})
    assert many.count == few.count


def test_the_counter_counts_due_products_and_open_invoices(organization):
    """BIL-1."""
    due_in(organization, 30)
    due_in(organization, 200)
    make_order_invoice(organization)
    with tenant_scope(organization.pk):
        assert count_to_pay(organization=organization, today=now().date()) == 2
