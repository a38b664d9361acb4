"""The organization's own order numbers with their days (BIL-4)."""

import csv
import io
from datetime import date, timedelta

import pytest
from django.db import DatabaseError
from django.urls import reverse

from billing.documents.content import invoice_content, pro_forma_content
from billing.documents.einvoice import write_invoice
from billing.invoices.models import Invoice
from billing.invoices.selectors import list_lines
from billing.profiles.models import PurchaseOrder
from billing.profiles.party import Party
from manager.kit.scope import tenant_scope
from organizations.audit.models import AuditEvent
from tests.factories.billing import AT, make_address, make_invoice, make_legal_entity, pay_invoice
from tests.factories.cast import client_of, make_person, make_tenant

TODAY = AT.date()


@pytest.fixture
def owner():
    return make_person()


@pytest.fixture
def organization(owner):
    make_legal_entity()
    organization = make_tenant(owner)
    with tenant_scope(organization.pk):
        yield organization


def give(organization, number, first, last=None, address=None):
    PurchaseOrder.objects.create(
        organization=organization,
        number=number,
        valid_from=first,
        valid_until=last,
        address=address,
        created_at=AT,
    )


def test_the_day_and_the_address_choose_it(organization):
    """BIL-4: the address's own before that of all, the newest before older ones, none outside of its days."""
    day = timedelta(days=1)
    branch = make_address(organization)
    give(organization, "OVER", TODAY - 9 * day, TODAY - day)
    give(organization, "LATER", TODAY + day)
    assert make_invoice(organization).purchase_order == ""
    give(organization, "OLD", TODAY - 5 * day)
    give(organization, "ALL", TODAY, TODAY)
    assert make_invoice(organization).purchase_order == "ALL"
    give(organization, "BRANCH", TODAY - 9 * day, address=branch)
    assert make_invoice(organization, address=Party.of_address(branch)).purchase_order == "BRANCH"
    assert make_invoice(organization).purchase_order == "ALL"


def test_it_stands_on_page_document_xml_and_table_and_is_frozen(owner, organization):
    """BIL-5, BIL-18, BIL-19: editable on the draft, BT-13 of the e-invoice, never changed with a number."""
    give(organization, "PO-4711", TODAY)
    draft, client = make_invoice(organization), client_of(owner)
    page = reverse("billing:invoice_order_number", args=[organization.pk, draft.pk])
    assert "PO-4711" in client.get(page).content.decode()
    assert client.post(page, {"number": "x" * 41}).status_code == 422
    assert client.post(page, {"number": " PO-5 "}).status_code == 302
    assert "PO-5" in client.get(reverse("billing:invoice", args=[organization.pk, draft.pk])).content.decode()
    draft = Invoice.objects.get(pk=draft.pk)
    assert {"name": "Your order number", "value": "PO-5"} in pro_forma_content(
        invoice=draft, lines=list_lines(invoice=draft)
    )["facts"]
    paid = pay_invoice(draft)
    lines = list_lines(invoice=paid)
    assert {"name": "Your order number", "value": "PO-5"} in invoice_content(invoice=paid, lines=lines)[
        "facts"
    ]
    assert "<ram:BuyerOrderReferencedDocument><ram:IssuerAssignedID>PO-5<" in "".join(
        line.strip() for line in write_invoice(invoice=paid, lines=lines).splitlines()
    )
    table = client.get(reverse("billing:export_invoices", args=[organization.pk])).content.decode("utf-8-sig")
    row = next(csv.DictReader(io.StringIO(table)))
    assert (row["Number"], row["Your order number"]) == (paid.number, "PO-5")
    assert client.post(page, {"number": "PO-6"}).status_code == 409
    with pytest.raises(DatabaseError, match="frozen"):
        Invoice.objects.filter(pk=paid.pk).update(purchase_order="PO-6")
    assert AuditEvent.objects.filter(name="invoice.purchase_order_set").count() == 1


def test_the_page_adds_lists_and_removes(owner, organization):
    """BIL-4: an invoice that bears it keeps it."""
    client, page = client_of(owner), reverse("billing:purchase_orders", args=[organization.pk])
    assert "No order number yet" in client.get(page).content.decode()
    form = {"number": "PO-1", "valid_from": "2026-11-01", "valid_until": "2026-10-01"}
    answer = client.post(page, form)
    assert (answer.status_code, list(answer.context["form"].errors)) == (422, ["valid_until"])
    foreign = make_address(make_tenant(make_person()))
    assert client.post(page, {**form, "valid_until": "", "address": foreign.pk}).status_code == 422
    assert client.post(page, {**form, "valid_until": ""}).status_code == 302
    row = PurchaseOrder.objects.get()
    assert (row.number, row.valid_from, row.valid_until) == ("PO-1", date(2026, 11, 1), None)
    bears = make_invoice(organization)
    assert "PO-1" in client.get(page).content.decode()
    client.post(reverse("billing:remove_purchase_order", args=[organization.pk, row.pk]))
    assert not PurchaseOrder.objects.exists()
    assert Invoice.objects.get(pk=bears.pk).purchase_order == "PO-1"
