"""A saved means that cannot be charged is refused before anybody is called, page and API alike (BIL-9)."""

import json
from datetime import date
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from accounts.users.models import User
from billing.payment_methods.models import PaymentMethod
from billing.payments.errors import MethodExpired
from billing.payments.models import PaymentAttempt
from billing.payments.services import pay_with_method
from manager.kit.clock import day_in
from manager.kit.scope import tenant_scope
from organizations.profile.models import Organization
from tests.factories.amounts import chf
from tests.factories.billing import make_invoice, make_legal_entity, make_line
from tests.factories.cast import client_of
from tests.factories.payments import ACTOR, make_method, make_order_invoice, now, provider
from tests.factories.products import make_product
from tests.isolation.world import make_token


def end(method: PaymentMethod, *, year: int, month: int) -> PaymentMethod:
    with tenant_scope(method.organization_id):
        PaymentMethod.objects.filter(pk=method.pk).update(expiry_year=year, expiry_month=month)
        method.refresh_from_db()
    return method


@pytest.fixture
def card(psp: Any, organization: Organization) -> PaymentMethod:
    return end(make_method(organization), year=2025, month=1)


def attempts(organization: Organization) -> int:
    with tenant_scope(organization.pk):
        return PaymentAttempt.objects.count()


@pytest.mark.parametrize("asked", ["pay", "top up"])
def test_the_api_refuses_it_and_calls_nobody(
    asked: str, organization: Organization, owner: User, card: PaymentMethod
) -> None:
    """BIL-9, API-4: a 422 that names the field; nothing was begun."""
    invoice, _product = make_order_invoice(organization)
    secret = make_token(owner, scopes=("billing:write",), bound=organization.pk)[1]
    root = f"/api/1/organizations/{organization.pk}"
    path, body = {
        "pay": (f"{root}/invoices/{invoice.pk}/pay", {"method": card.pk}),
        "top up": (f"{root}/prepaid/top-ups", {"method": card.pk, "amount": chf(5000)}),
    }[asked]
    sent = Client(headers={"Authorization": f"Bearer {secret}"})
    answer = sent.post(path, json.dumps(body), content_type="application/json")
    assert (answer.status_code, answer.json()["error"]["code"]) == (422, "payment_method_expired")
    assert "method" in answer.json()["error"]["context"]["fields"]
    assert (attempts(organization), provider().charges()) == (0, [])


def test_the_page_tells_why_it_cannot_be_chosen(
    organization: Organization, owner: User, card: PaymentMethod
) -> None:
    """BIL-9: also to who had the page open while the month ended."""
    invoice, _product = make_order_invoice(organization)
    url = reverse("billing:pay_invoice", args=[organization.pk, invoice.pk])
    answer = client_of(owner).post(url, {"choice": f"method-{card.pk}"})
    assert answer.status_code == 422
    # Beside the card, and as the answer to the choice of it.
    assert answer.content.decode().count("This card has expired.") == 2
    assert (attempts(organization), provider().charges()) == (0, [])


def test_it_is_taken_to_the_last_day_of_its_month(psp: Any, organization: Organization) -> None:
    """BIL-9: by the day where the organization is."""
    today = day_in(organization.time_zone, now())
    this_month = end(make_method(organization), year=today.year, month=today.month)
    month_before = date(today.year, today.month, 1).toordinal() - 1
    past = date.fromordinal(month_before)
    invoice, _product = make_order_invoice(organization)
    with tenant_scope(organization.pk):
        assert (
            pay_with_method(invoice=invoice, method=this_month, actor=ACTOR, at=now()).status == "succeeded"
        )
    other, _product = make_order_invoice(organization)
    ended = end(this_month, year=past.year, month=past.month)
    with tenant_scope(organization.pk), pytest.raises(MethodExpired):
        pay_with_method(invoice=other, method=ended, actor=ACTOR, at=now())
    assert len(provider().charges()) == 1


def test_a_means_that_does_not_take_the_currency_is_refused_alike(
    psp: Any, organization: Organization, owner: User
) -> None:
    """BIL-3: PostFinance takes francs; an organization that moved to Germany pays in euros."""
    with tenant_scope(organization.pk):
        Organization.objects.filter(pk=organization.pk).update(currency="EUR")
        organization.refresh_from_db()
        kept = PaymentMethod.objects.create(
            organization=organization,
            gateway="stripe",
            kind="postfinance",
            reference="pf_1",
            created_at=now(),
        )
        make_legal_entity()
        line = make_line(12_000, currency="EUR", product=make_product(organization, activated=False))
        invoice = make_invoice(organization, [line])
    secret = make_token(owner, scopes=("billing:write",), bound=organization.pk)[1]
    sent = Client(headers={"Authorization": f"Bearer {secret}"})
    path = f"/api/1/organizations/{organization.pk}/invoices/{invoice.pk}/pay"
    answer = sent.post(path, json.dumps({"method": kept.pk}), content_type="application/json")
    assert (answer.status_code, answer.json()["error"]["code"]) == (422, "payment_kind_not_offered")
    url = reverse("billing:pay_invoice", args=[organization.pk, invoice.pk])
    html = client_of(owner).post(url, {"choice": f"method-{kept.pk}"}).content.decode()
    assert html.count("This means of payment is not available in your currency.") == 2
    assert (attempts(organization), provider().charges()) == (0, [])
