"""Pay by bank transfer: announced, told with account and reference, withdrawn by another means (BIL-3)."""

import base64
from datetime import timedelta
from html import unescape

import pytest
from django.urls import reverse

from billing.orders.periodic import drain_expired_orders
from billing.orders.status import OrderStatus
from billing.payments.models import AnnouncedTransfer
from billing.payments.services import TransferNotOffered, announce_transfer, pay_from_prepaid
from billing.payments.status import AttemptStatus
from billing.transfer.references import read_reference
from billing.transfer.services import set_seller_account
from manager.kit.scope import tenant_scope
from manager.outbox.models import OutgoingMail
from manager.outbox.relay import drain_outbox
from tests.factories.billing import make_legal_entity
from tests.factories.cast import client_of
from tests.factories.orders import confirm_cart, fill_cart, reread_order
from tests.factories.payments import ACTOR, fill_prepaid, make_order_invoice, now, open_checkout
from tests.factories.products import reread


def take_transfers(**fields):
    values = {"currency": "CHF", "iban": "CH9300762011623852957", "bank_name": "Bank of Geneva"}
    return set_seller_account(legal_entity=make_legal_entity(), **{**values, **fields})


def announce(invoice, at=None):
    with tenant_scope(invoice.organization_id):
        return announce_transfer(invoice=invoice, actor=ACTOR, at=at or now())


def announcements(invoice):
    with tenant_scope(invoice.organization_id):
        return list(AnnouncedTransfer.objects.filter(invoice=invoice).order_by("pk"))


def url(name, invoice):
    return reverse(f"billing:{name}", args=[invoice.organization_id, invoice.pk])


def test_tells_account_and_reference_and_waits(owner, organization):
    """BIL-3, PRD-4: from the choice to the page, the mail, the lists and the longer term of the order."""
    take_transfers()
    fill_cart(organization)
    order = reread_order(confirm_cart(organization, user_id=owner.pk), organization)
    page = client_of(owner)

    chosen = page.post(url("pay_invoice", order.invoice), {"choice": "transfer"})
    assert chosen.url == url("invoice_transfer", order.invoice)
    shown = unescape(page.get(chosen.url).content.decode())
    assert "CH93 0076 2011 6238 5295 7" in shown
    reference = next(word for word in shown.split('"') if word.startswith("RF"))
    target = read_reference(reference)
    assert target is not None
    assert (target.kind, target.id) == ("invoice", order.invoice_id)
    picture = shown.split("data:image/svg+xml;base64,")[1].split('"')[0]
    assert base64.b64decode(picture).startswith(b"<svg")

    for name in ("orders", "invoices"):
        listed = page.get(reverse(f"billing:{name}", args=[organization.pk]))
        assert "Waiting for your transfer" in listed.content.decode()
    page.post(url("pay_invoice", order.invoice), {"choice": "transfer"})
    assert len(announcements(order.invoice)) == 1

    drain_outbox(at=now())
    mail = OutgoingMail.objects.using("system").get(template="transfer_announced")
    assert (mail.recipient, reference in mail.text) == (owner.email, True)
    assert mail.attachments[0]["name"] == f"pro-forma-{order.invoice_id}.pdf"
    until = reread_order(order, organization).expires_at
    assert until >= announcements(order.invoice)[0].chosen_at + timedelta(days=30)
    drain_expired_orders(at=order.expires_at)
    assert reread_order(order, organization).status == OrderStatus.PENDING


def test_another_means_withdraws_it(psp, organization):
    """BIL-3: nothing is expected any more once the invoice is paid otherwise."""
    take_transfers()
    invoice, _product = make_order_invoice(organization)
    first = announce(invoice)
    assert announce(invoice) == first
    attempt = open_checkout(invoice)
    assert announcements(invoice)[0].withdrawn_at is not None

    again = announce(invoice)
    assert again.pk != first.pk
    assert reread(attempt, organization).status == AttemptStatus.CANCELLED

    fill_prepaid(organization, invoice.total_amount)
    with tenant_scope(organization.pk):
        pay_from_prepaid(invoice=invoice, actor=ACTOR, at=now())
    assert all(row.withdrawn_at for row in announcements(invoice))


def test_is_offered_where_the_seller_has_an_account(owner, organization):
    """BIL-3: of the invoice's company and currency."""
    invoice, _product = make_order_invoice(organization)
    page = client_of(owner)
    assert "Bank transfer" not in page.get(url("pay_invoice", invoice)).content.decode()
    with pytest.raises(TransferNotOffered):
        announce(invoice)
    assert page.post(url("pay_invoice", invoice), {"choice": "transfer"}).status_code == 422
    take_transfers()
    assert "Bank transfer" in page.get(url("pay_invoice", invoice)).content.decode()
    assert page.get(url("invoice_transfer", invoice)).url == url("invoice", invoice)
