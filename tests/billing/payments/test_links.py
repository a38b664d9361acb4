"""Mails about charges without the person, and their signed links (BIL-11)."""

import re
from html import unescape

import pytest
from django.test import Client
from django.urls import reverse

from billing.invoices.status import InvoiceStatus
from billing.payment_methods.services import use_prepaid
from billing.payments.models import PaymentAttempt
from billing.payments.services import charge_off_session
from manager.kit.scope import tenant_scope
from manager.outbox.models import OutgoingMail
from manager.outbox.relay import drain_outbox
from organizations.access.roles import Role
from tests.factories.cast import client_of, make_member, make_tenant
from tests.factories.payments import ACTOR, make_method, make_order_invoice, now, provider
from tests.factories.products import reread
from tests.factories.renewals import days_before, make_renewing, renewals_of, run


def mails(organization, template):
    drain_outbox(at=now())
    return list(
        OutgoingMail.objects.using("system").filter(organization_id=organization.pk, template=template)
    )


def charge(organization, invoice, method):
    with tenant_scope(organization.pk):
        return charge_off_session(invoice=invoice, method=method, actor=ACTOR, at=now())


@pytest.fixture
def organization():
    return make_tenant()


@pytest.fixture
def invoice(organization):
    return make_order_invoice(organization)[0]


def link_in(mail):
    return re.search(r"http://\S+(/pay/\S+)", mail.text)[1]


def test_the_link_approves_the_same_charge_without_signing_in(psp, organization, invoice):
    """BIL-11: one charge, and the page shows only its sum and number."""
    charge(organization, invoice, make_method(organization, "pm_card_authenticationRequired"))
    (mail,) = mails(organization, "payment_requires_action")
    path = link_in(mail)
    visitor = Client()
    text = unescape(visitor.get(path).content.decode())
    assert invoice.total.format("en") in text
    assert "Your bank wants you to approve this payment." in text
    assert str(invoice) not in text  # it has no number yet
    assert organization.name not in text
    assert "example.com" not in text.split("<main")[1]
    text = unescape(visitor.post(path, follow=True).content.decode())
    bank = re.search(rf'href="({re.escape(provider().url)}[^"]+)"', text)[1]
    back = provider().submit(bank, {"decision": "approve"})
    done = visitor.get(back[back.index("/pay/") :])
    assert done.status_code == 200
    assert reread(invoice, organization).status == InvoiceStatus.PAID
    assert len(provider().charges()) == 1
    assert visitor.post(path).status_code == 409


def test_the_link_of_a_renewal_says_what_it_is_for(psp, organization):
    """BIL-11: its invoice has no number before it is paid; no product is named to who is not signed in."""
    method = make_method(organization, "pm_card_authenticationRequired")
    product = make_renewing(organization)
    run(days_before(14))
    (mail,) = mails(organization, "payment_requires_action")
    text = unescape(Client().get(link_in(mail)).content.decode()).split("<main")[1]
    assert "approve the payment for the renewal of your products" in text
    assert "#" + str(renewals_of(organization)[0].invoice_id) not in text
    assert product.name not in text
    assert str(method) not in text


def test_the_page_of_the_payment_approves_the_same_charge(psp, organization, invoice):
    """BIL-11: signed in, from the renewal's row or "Pay now"; who may only look has no button."""
    charge(organization, invoice, make_method(organization, "pm_card_authenticationRequired"))
    with tenant_scope(organization.pk):
        attempt = PaymentAttempt.objects.get()
    page = reverse("billing:payment_return", args=[organization.pk, attempt.pk])
    payer = client_of(make_member(organization, Role.ADMINISTRATOR, has_billing=True))
    assert f'action="{page}"' in payer.get(page).content.decode()
    stranger = client_of(make_member(organization, Role.ADMINISTRATOR))
    assert stranger.post(page).status_code == 403
    text = unescape(payer.post(page, follow=True).content.decode())
    bank = re.search(rf'href="({re.escape(provider().url)}[^"]+)"', text)[1]
    back = provider().submit(bank, {"decision": "approve"})
    assert payer.get(back[back.index("/o/") :]).status_code == 200
    assert reread(invoice, organization).status == InvoiceStatus.PAID
    assert len(provider().charges()) == 1
    assert payer.post(page).url == page


def test_a_wrong_link_is_a_missing_page(psp, organization, invoice):
    """ORG-17: nothing is told to strangers; another organization's number does not help."""
    charge(organization, invoice, make_method(organization, "pm_card_authenticationRequired"))
    (mail,) = mails(organization, "payment_requires_action")
    secret = link_in(mail).rsplit("/", 2)[-2].split("-", 1)[1]
    other = make_tenant()
    for key in (
        f"{other.pk}-{secret}",
        f"{organization.pk}-{secret}x",
        "1",
        "x-y",
        "-",
        f"{'9' * 30}-{secret}",
    ):
        assert Client().get(f"/pay/{key}/").status_code == 404


@pytest.mark.parametrize(
    ("behaviour", "words"), [("lost_card", "another one"), ("insufficient_funds", "We try again on")]
)
def test_a_refusal_is_mailed_with_a_link_to_pay(psp, organization, invoice, behaviour, words):
    """BIL-11."""
    method = make_method(organization)
    provider().set_means(method.reference, behaviour=f"decline_charge:{behaviour}")
    charge(organization, invoice, method)
    (mail,) = mails(organization, "payment_failed")
    assert words in mail.text
    assert f"/invoices/{invoice.pk}/pay/" in mail.text
    assert mails(organization, "payment_failed") == [mail]


def test_an_empty_balance_is_told(psp, organization, invoice):
    """BIL-7, BIL-11."""
    with tenant_scope(organization.pk):
        method = use_prepaid(organization=organization, actor=ACTOR, at=now())
    charge(organization, invoice, method)
    (mail,) = mails(organization, "payment_failed")
    assert "balance" in mail.text
