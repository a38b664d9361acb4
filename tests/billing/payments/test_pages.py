"""The pages to pay, and of what became of a payment (BIL-2, BIL-3)."""

import re
from html import unescape

import pytest
from django.urls import reverse

from billing.invoices.status import InvoiceStatus
from billing.payments.models import PaymentAttempt
from manager.kit.scope import tenant_scope
from tests.factories.cast import client_of, make_member, make_person
from tests.factories.payments import fill_prepaid, make_method, make_order_invoice, provider
from tests.factories.products import reread


@pytest.fixture
def page(owner):
    return client_of(owner)


def pay_url(invoice):
    return reverse("billing:pay_invoice", args=[invoice.organization_id, invoice.pk])


def test_pays_with_a_new_card_and_comes_back(psp, organization, page):
    """BIL-3: to the provider's page and back; BIL-10 is told."""
    invoice, product = make_order_invoice(organization)
    shown = page.get(pay_url(invoice))
    assert shown.status_code == 200
    assert provider().url in shown.headers["Content-Security-Policy"]
    sent = page.post(pay_url(invoice), {"choice": "new-card", "keep": "on"})
    assert sent.status_code == 302
    back = provider().pay_checkout(sent.url)
    done = page.get(back)
    text = unescape(done.content.decode())
    assert reread(invoice, organization).status == InvoiceStatus.PAID
    assert product.name in text
    assert reverse("billing:invoice_pdf", args=[organization.pk, invoice.pk]) in text


def test_pays_with_a_saved_card(psp, organization, page):
    """BIL-3."""
    invoice, _ = make_order_invoice(organization)
    method = make_method(organization)
    assert f"method-{method.pk}" in page.get(pay_url(invoice)).content.decode()
    answer = page.post(pay_url(invoice), {"choice": f"method-{method.pk}"}, follow=True)
    assert answer.status_code == 200
    assert reread(invoice, organization).status == InvoiceStatus.PAID


def test_shows_a_link_to_the_bank(psp, organization, page):
    """BIL-11: a link, as the page may send no form to other sites."""
    invoice, _ = make_order_invoice(organization)
    method = make_method(organization, "pm_card_authenticationRequired")
    answer = page.post(pay_url(invoice), {"choice": f"method-{method.pk}"}, follow=True)
    text = unescape(answer.content.decode())
    url = re.search(rf'href="({re.escape(provider().url)}[^"]+)"', text)[1]
    back = provider().submit(url, {"decision": "approve"})
    page.get(back)
    assert reread(invoice, organization).status == InvoiceStatus.PAID


def test_tells_a_refusal_and_offers_another_means(psp, organization, page):
    """BIL-11."""
    invoice, _ = make_order_invoice(organization)
    method = make_method(organization)
    provider().set_means(method.reference, behaviour="decline_charge:insufficient_funds")
    answer = page.post(pay_url(invoice), {"choice": f"method-{method.pk}"}, follow=True)
    text = unescape(answer.content.decode())
    assert "There is not enough money" in text
    assert pay_url(invoice) in text


def test_pays_from_the_balance_when_it_is_enough(psp, organization, page):
    """BIL-7."""
    invoice, product = make_order_invoice(organization)
    refused = page.post(pay_url(invoice), {"choice": "prepaid"})
    assert refused.status_code == 422
    fill_prepaid(organization, 50_000)
    page.post(pay_url(invoice), {"choice": "prepaid"})
    assert reread(invoice, organization).status == InvoiceStatus.PAID
    assert reread(product, organization).auto_renew is True


@pytest.mark.parametrize("choice", ["", "method-999999", "new-bitcoin", "method-", "x" * 5000, "\x00"])
def test_refuses_strange_choices(psp, organization, page, choice):
    """INC-27."""
    invoice, _ = make_order_invoice(organization)
    assert page.post(pay_url(invoice), {"choice": choice}).status_code == 422


def test_sends_a_paid_invoice_to_its_page(psp, organization, page):
    """BIL-16."""
    invoice, _ = make_order_invoice(organization)
    fill_prepaid(organization, 50_000)
    page.post(pay_url(invoice), {"choice": "prepaid"})
    again = page.post(pay_url(invoice), {"choice": "prepaid"})
    assert again.url == reverse("billing:invoice", args=[organization.pk, invoice.pk])
    with tenant_scope(organization.pk):
        assert PaymentAttempt.objects.count() == 1


def test_cancels_an_open_payment(psp, organization, page):
    """BIL-16."""
    invoice, _ = make_order_invoice(organization)
    page.post(pay_url(invoice), {"choice": "new-card"})
    with tenant_scope(organization.pk):
        attempt = PaymentAttempt.objects.get()
    shown = page.get(reverse("billing:payment_return", args=[organization.pk, attempt.pk]))
    assert attempt.redirect_url in unescape(shown.content.decode())
    gone = page.post(reverse("billing:cancel_payment", args=[organization.pk, attempt.pk]))
    assert gone.url == pay_url(invoice)


def test_is_closed_to_members_without_billing_and_to_strangers(psp, organization):
    """ORG-17."""
    invoice, _ = make_order_invoice(organization)
    member = make_member(organization)
    assert client_of(member).get(pay_url(invoice)).status_code == 403
    assert client_of(make_person("Charlie Stone")).get(pay_url(invoice)).status_code == 404
