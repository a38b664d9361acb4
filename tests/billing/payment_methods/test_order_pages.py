"""The order of saved means and their replacement, by page and over the API (BIL-9, API-1)."""

import json

import pytest
from django.urls import reverse

from billing.payment_methods.selectors import list_methods
from billing.transfer.services import set_seller_account
from manager.kit.scope import tenant_scope
from tests.factories.amounts import chf
from tests.factories.billing import make_legal_entity
from tests.factories.cast import client_of, make_person, make_tenant
from tests.factories.payments import make_method, make_order_invoice
from tests.factories.renewals import make_renewing
from tests.isolation.world import make_token


@pytest.fixture
def owner():
    return make_person()


@pytest.fixture
def organization(psp, owner):
    return make_tenant(owner)


@pytest.fixture
def call(client, owner, organization):
    token = make_token(owner, scopes=("billing:read", "billing:write"), bound=organization.pk)[1]

    def send(method, path, body=None):
        answer = client.generic(
            method,
            f"/api/1/organizations/{organization.pk}/{path}",
            json.dumps(body) if body is not None else "",
            content_type="application/json",
            headers={"Authorization": f"Bearer {token}"},
        )
        return answer.status_code, json.loads(answer.content)

    return send


def order_of(organization):
    with tenant_scope(organization.pk):
        return list(list_methods(organization=organization))


def test_moves_and_replaces_on_the_pages(organization, owner):
    """BIL-9: buttons that work without scripts; what depends on a means is said before it goes."""
    first, second = make_method(organization), make_method(organization, "pm_card_mastercard")
    product = make_renewing(organization)
    page = client_of(owner)

    def url(name, method):
        return reverse(f"billing:{name}", args=[organization.pk, method.pk])

    listed = page.get(reverse("billing:payment_methods", args=[organization.pk])).content.decode()
    assert "Tried as number 2" in listed
    page.post(url("move_payment_method", second), {"direction": "up"})
    assert order_of(organization) == [second, first]
    page.post(url("move_payment_method", second), {"direction": "sideways"})
    assert order_of(organization) == [second, first]

    asked = page.get(url("remove_payment_method", second)).content.decode()
    assert product.name in asked
    assert 'name="replacement"' in asked
    wrong = page.post(url("remove_payment_method", second), {"replacement": str(second.pk)})
    assert wrong.status_code == 422
    page.post(url("remove_payment_method", second), {"replacement": str(first.pk)})
    assert order_of(organization) == [first]
    assert order_of(organization)[0].is_default


def test_moves_replaces_and_announces_over_the_api(organization, call):
    """API-1: the same verbs."""
    first, second, third = (
        make_method(organization, card) for card in ("pm_card_visa", "pm_card_mastercard", "pm_card_amex")
    )
    status, moved = call("POST", f"payment-methods/{third.pk}/move", {"direction": "up"})
    assert (status, moved["data"]["position"]) == (200, 2)
    assert call("POST", f"payment-methods/{third.pk}/move", {"direction": "on"})[0] == 422
    assert call("DELETE", f"payment-methods/{first.pk}?replacement={first.pk}")[0] == 422
    assert call("DELETE", f"payment-methods/{first.pk}?replacement={second.pk}")[0] == 200
    assert order_of(organization) == [second, third]

    invoice, _product = make_order_invoice(organization)
    assert call("POST", f"invoices/{invoice.pk}/transfer")[0] == 422
    set_seller_account(
        legal_entity=make_legal_entity(), currency="CHF", iban="CH9300762011623852957", bank_name="Bank"
    )
    assert call("GET", f"invoices/{invoice.pk}/transfer")[1]["data"]["is_announced"] is False
    status, told = call("POST", f"invoices/{invoice.pk}/transfer")
    assert (status, told["data"]["is_announced"]) == (201, True)
    assert told["data"]["amount"] == chf(invoice.total_amount)
