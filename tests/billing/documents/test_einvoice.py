"""The invoice as data inside of its PDF: by the standard's own rules, and equal to the books (BIL-18)."""

import io
from collections.abc import Callable, Iterator
from datetime import date
from decimal import Decimal
from xml.etree import ElementTree as ET

import facturx
import pypdf
import pytest

from billing.documents.einvoice import SPACES
from billing.documents.services import get_credit_note, get_document
from billing.invoices.models import CreditNote, Invoice
from billing.invoices.services import finalize_invoice, void_invoice
from billing.invoices.services.credit import CHANGE_CREDIT, CreditedLine, credit_to_prepaid
from billing.ledger.models import AccountKind, Entry
from billing.profiles.party import Party
from billing.tax.quote import Credit, LineInput
from billing.transfer.services import set_seller_account
from manager.kit.money import Money
from manager.kit.scope import tenant_scope
from organizations.profile.models import Organization
from tests.factories.billing import ACTOR, AT, make_invoice, make_legal_entity, make_line, pay_invoice
from tests.factories.cast import make_tenant

SUMS = "ram:SpecifiedTradeSettlementHeaderMonetarySummation"


def buyer(country: str = "CH", vat_number: str = "", **values: str) -> Party:
    fields = {"name": "Example AG", "street": "Street 1", "postal_code": "8001", "city": "Town", **values}
    return Party(kind="company", country=country, vat_number=vat_number, **fields)


@pytest.fixture
def organization() -> Iterator[Organization]:
    make_legal_entity()
    organization = make_tenant()
    with tenant_scope(organization.pk):
        yield organization


def read_xml(pdf: bytes) -> bytes:
    """Return the XML that the library finds in the PDF, valid by the schema of its profile."""
    name, xml = facturx.get_xml_from_pdf(pdf, check_xsd=True)
    assert name == "factur-x.xml"
    assert b"urn:cen.eu:en16931:2017" in xml
    return bytes(xml)


def amounts(xml: bytes, path: str) -> list[Decimal]:
    return [Decimal(str(found.text)) for found in ET.fromstring(xml).findall(f".//{path}", SPACES)]


def recompute(xml: bytes) -> tuple[Decimal, Decimal, Decimal]:
    """Return net, VAT and total, computed from the lines and the summary of rates alone."""
    net = Decimal(0)
    for line in ET.fromstring(xml).iterfind(".//ram:IncludedSupplyChainTradeLineItem", SPACES):
        [price] = line.iterfind(".//ram:ChargeAmount", SPACES)
        [quantity] = line.iterfind(".//ram:BilledQuantity", SPACES)
        off = [Decimal(str(found.text)) for found in line.iterfind(".//ram:ActualAmount", SPACES)]
        net += Decimal(str(price.text)) * Decimal(str(quantity.text)) - sum(off)
    tax = sum(amounts(xml, "ram:ApplicableTradeTax/ram:CalculatedAmount"))
    assert sum(amounts(xml, "ram:ApplicableTradeTax/ram:BasisAmount")) == net
    return net, Decimal(tax), net + tax


def check(xml: bytes, paper: Invoice | CreditNote, find_faults: Callable[[bytes], list[str]]) -> None:
    """Hold the XML against the rules of the standard and against the row."""
    assert find_faults(xml) == []
    told = (paper.net_amount, paper.tax_amount, paper.total_amount)
    assert recompute(xml) == tuple(Decimal(amount) / 100 for amount in told)
    assert amounts(xml, f"{SUMS}/ram:GrandTotalAmount") == [Decimal(paper.total_amount) / 100]


LINES = {
    "one line": [make_line()],
    "discounts": [
        LineInput(
            description="Hosting <&> ©",
            unit=Money(3333, "CHF"),
            quantity=3,
            discount=Money(999, "CHF"),
            discounted_by="WELCOME10",
            period=(date(2026, 11, 22), date(2027, 11, 22)),
        ),
        make_line(1290, quantity=2, months=None),
    ],
    "several rates and a credit": [
        make_line(20_000),
        LineInput(
            description="Rest of the old plan",
            unit=Money(-5000, "CHF"),
            credit=Credit(net=Money(5000, "CHF"), tax=Money(385, "CHF"), rate=770),
        ),
    ],
    "many lines": [make_line(101 + n) for n in range(60)],
}
BUYERS = {
    "home": (buyer(), {"S"}),
    "reverse charge": (buyer("DE", "DE136695976"), {"AE"}),
    "export": (buyer("US"), {"G"}),
    "consumer in the union": (buyer("FR"), {"S"}),
}


@pytest.mark.parametrize("lines", LINES)
def test_paid_invoice_agrees_with_rules_row_and_ledger(
    organization: Organization, find_faults: Callable[[bytes], list[str]], lines: str
) -> None:
    """BIL-13, BIL-15, BIL-18: the XML of the PDF, the invoice and the journal name the same sums."""
    invoice = pay_invoice(
        make_invoice(organization, LINES[lines], address=buyer(vat_number="CHE-116.281.710"))
    )
    xml = read_xml(bytes(get_document(invoice=invoice, at=AT).content))
    check(xml, invoice, find_faults)
    assert amounts(xml, f"{SUMS}/ram:DuePayableAmount") == [0]
    posted = Entry.objects.filter(journal__invoice_id=invoice.pk, account__kind=AccountKind.TAX)
    assert Decimal(sum(entry.amount for entry in posted)) / 100 == recompute(xml)[1]


@pytest.mark.parametrize("kind", BUYERS)
def test_says_why_there_is_no_vat(
    organization: Organization, find_faults: Callable[[bytes], list[str]], kind: str
) -> None:
    """BIL-6, BIL-18: the category of the standard, in one language or another."""
    address, categories = BUYERS[kind]
    Organization.objects.filter(pk=organization.pk).update(language="fr")
    organization.refresh_from_db()
    invoice = pay_invoice(make_invoice(organization, [make_line(), make_line(77)], address=address))
    xml = read_xml(bytes(get_document(invoice=invoice, at=AT).content))
    check(xml, invoice, find_faults)
    codes = ET.fromstring(xml).findall(".//ram:CategoryCode", SPACES)
    assert {code.text for code in codes} == categories


def test_open_invoice_says_how_it_is_paid(
    organization: Organization, find_faults: Callable[[bytes], list[str]]
) -> None:
    """BIL-17, BIL-18: account, reference, last day and what is due."""
    entity = make_legal_entity()
    set_seller_account(legal_entity=entity, currency="CHF", iban="CH9300762011623852957", bank_name="Bank")
    issued = finalize_invoice(invoice=make_invoice(organization, address=buyer()), actor=ACTOR, at=AT)
    xml = read_xml(bytes(get_document(invoice=issued, at=AT).content))
    check(xml, issued, find_faults)
    assert amounts(xml, f"{SUMS}/ram:DuePayableAmount") == [Decimal("108.10")]
    for said in (b"CH9300762011623852957", b"<ram:PaymentReference>RF", b">20261222<"):
        assert said in xml
    voided = void_invoice(invoice=issued, reason="By mistake", actor=ACTOR, at=AT)
    note = voided.credit_notes.get()
    xml = read_xml(bytes(get_credit_note(note=note, at=AT).content))
    check(xml, note, find_faults)
    assert b"<ram:TypeCode>381<" in xml
    assert f"<ram:IssuerAssignedID>{issued.number}<".encode() in xml


def test_credit_note_over_a_part(
    organization: Organization, find_faults: Callable[[bytes], list[str]]
) -> None:
    """BIL-14, BIL-18: its own lines and rates."""
    invoice = pay_invoice(make_invoice(organization, address=buyer()))
    parts = [("Hosting", 810, 3000, 243), ("Book", 260, 1000, 26)]
    lines = [CreditedLine(text, rate, Money(net, "CHF"), Money(tax, "CHF")) for text, rate, net, tax in parts]
    note = credit_to_prepaid(
        invoice=invoice,
        lines=lines,
        reference="test:1",
        kind=CHANGE_CREDIT,
        reason="Change",
        actor=ACTOR,
        at=AT,
    )
    xml = read_xml(bytes(get_credit_note(note=note, at=AT).content))
    check(xml, note, find_faults)


def test_pdf_is_an_archive_that_names_its_data(organization: Organization) -> None:
    """BIL-18: PDF/A-3 and PDF/UA with the file as an alternative, and its description."""
    invoice = pay_invoice(make_invoice(organization, address=buyer()))
    pdf = bytes(get_document(invoice=invoice, at=AT).content)
    root = pypdf.PdfReader(io.BytesIO(pdf), strict=True).trailer["/Root"]
    [attached] = [each.get_object() for each in root["/AF"]]
    assert (attached["/F"], attached["/AFRelationship"]) == ("factur-x.xml", "/Alternative")
    packet = root["/Metadata"].get_data().decode()
    ET.fromstring(packet[packet.index("<x:xmpmeta") : packet.index("<?xpacket end")])
    for said in (
        "<pdfaid:part>3</pdfaid:part>",
        "<pdfuaid:part>1</pdfuaid:part>",
        "<fx:ConformanceLevel>EN 16931</fx:ConformanceLevel>",
        "<fx:DocumentFileName>factur-x.xml</fx:DocumentFileName>",
        "<pdfaSchema:prefix>fx</pdfaSchema:prefix>",
    ):
        assert packet.count(said) == 1
    assert root["/MarkInfo"]["/Marked"]


def test_document_in_other_scripts_carries_its_data_too(
    organization: Organization, find_faults: Callable[[bytes], list[str]]
) -> None:
    """BIL-18: where the fonts lack a character the mark of accessibility is lost, the data is not."""
    invoice = pay_invoice(make_invoice(organization, address=buyer(name="株式会社 例 \ufffe")))
    check(read_xml(bytes(get_document(invoice=invoice, at=AT).content)), invoice, find_faults)
