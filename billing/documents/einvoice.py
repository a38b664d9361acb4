"""An invoice as data: Factur-X in the profile EN 16931, which travels inside of its PDF (BIL-18)."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from xml.etree import ElementTree as ET

from django.utils import translation

from billing.documents.einvoice_lines import WHY_NONE, PaperLine, billed, credited_part
from billing.invoices.models import CreditNote, Invoice, InvoiceLine
from billing.invoices.services.credit import CreditedLine
from billing.profiles.party import Party
from billing.tax.decision import REASONS
from billing.tax.quote import RateSum, sum_by_rate
from manager.kit.money import Money

NAME = "factur-x.xml"
GUIDELINE = "urn:cen.eu:en16931:2017"
INVOICE, CREDIT_NOTE = "380", "381"
PIECE, DISCOUNT, TRANSFER = "C62", "95", "30"
SPACES = {
    short: f"urn:un:unece:uncefact:data:standard:{name}:100"
    for short, name in (
        ("rsm", "CrossIndustryInvoice"),
        ("ram", "ReusableAggregateBusinessInformationEntity"),
        ("udt", "UnqualifiedDataType"),
        ("qdt", "QualifiedDataType"),
    )
}
for _short, _space in SPACES.items():
    ET.register_namespace(_short, _space)
NO_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


@dataclass(frozen=True, slots=True, kw_only=True)
class _Paper:
    """What both documents say in the same places."""

    kind: str
    number: str
    issued_on: date
    invoice: Invoice
    lines: Sequence[PaperLine]
    is_settled: bool
    iban: str = ""
    reference: str = ""
    corrects: Invoice | None = None


def write_invoice(
    *, invoice: Invoice, lines: Sequence[InvoiceLine], iban: str = "", reference: str = ""
) -> str:
    """Return a numbered invoice as XML. `iban` and `reference` say how it can be transferred (BIL-18)."""
    if invoice.number is None or invoice.issued_on is None:
        raise ValueError(invoice)
    return _write(
        _Paper(
            kind=INVOICE,
            number=invoice.number,
            issued_on=invoice.issued_on,
            invoice=invoice,
            lines=[billed(line, invoice) for line in lines],
            is_settled=invoice.paid_at is not None,
            iban=iban,
            reference=reference,
        )
    )


def write_credit_note(*, note: CreditNote, invoice: Invoice, lines: Sequence[InvoiceLine]) -> str:
    """Return a credit note as XML, over its own lines, else over the whole invoice (BIL-14, BIL-18)."""
    credited = [credited_part(CreditedLine.from_json(row, invoice.currency), invoice) for row in note.lines]
    return _write(
        _Paper(
            kind=CREDIT_NOTE,
            number=note.number,
            issued_on=note.issued_on,
            invoice=invoice,
            lines=credited or [billed(line, invoice) for line in lines],
            is_settled=True,
            corrects=invoice,
        )
    )


def _write(paper: _Paper) -> str:
    with translation.override(paper.invoice.language):
        root = ET.Element(_tag("rsm:CrossIndustryInvoice"))
        _put(
            root,
            "rsm:ExchangedDocumentContext/ram:GuidelineSpecifiedDocumentContextParameter/ram:ID",
            GUIDELINE,
        )
        document = _put(root, "rsm:ExchangedDocument")
        _put(document, "ram:ID", paper.number)
        _put(document, "ram:TypeCode", paper.kind)
        _put_day(document, "ram:IssueDateTime", paper.issued_on)
        deal = _put(root, "rsm:SupplyChainTradeTransaction")
        for position, line in enumerate(paper.lines, start=1):
            _put_line(deal, position, line)
        _put_parties(deal, paper)
        delivered = (
            "ram:ApplicableHeaderTradeDelivery/ram:ActualDeliverySupplyChainEvent/ram:OccurrenceDateTime"
        )
        _put_day(deal, delivered, paper.issued_on)
        _put_settlement(deal, paper)
        return ET.tostring(root, encoding="unicode", xml_declaration=False)


def _put_line(deal: ET.Element, position: int, line: PaperLine) -> None:
    item = _put(deal, "ram:IncludedSupplyChainTradeLineItem")
    _put(item, "ram:AssociatedDocumentLineDocument/ram:LineID", str(position))
    _put(item, "ram:SpecifiedTradeProduct/ram:Name", line.name or "-")
    price = "ram:SpecifiedLineTradeAgreement/ram:NetPriceProductTradePrice/ram:ChargeAmount"
    _put(item, price, _plain(line.unit))
    quantity = _put(item, "ram:SpecifiedLineTradeDelivery/ram:BilledQuantity", str(line.quantity))
    quantity.set("unitCode", PIECE)
    settled = _put(item, "ram:SpecifiedLineTradeSettlement")
    tax = _put(settled, "ram:ApplicableTradeTax")
    _put(tax, "ram:TypeCode", "VAT")
    _put(tax, "ram:CategoryCode", line.category)
    _put(tax, "ram:RateApplicablePercent", _percent(line.rate))
    if line.first and line.last:
        period = _put(settled, "ram:BillingSpecifiedPeriod")
        _put_day(period, "ram:StartDateTime", line.first)
        _put_day(period, "ram:EndDateTime", line.last)
    if line.discount:
        allowance = _put(settled, "ram:SpecifiedTradeAllowanceCharge")
        _put(allowance, "ram:ChargeIndicator/udt:Indicator", "false")
        _put(allowance, "ram:ActualAmount", _plain(line.discount))
        _put(allowance, "ram:ReasonCode", DISCOUNT)
        _put(allowance, "ram:Reason", line.discounted_by or "Discount")
    total = "ram:SpecifiedTradeSettlementLineMonetarySummation/ram:LineTotalAmount"
    _put(settled, total, _plain(line.net))


def _put_parties(deal: ET.Element, paper: _Paper) -> None:
    agreement = _put(deal, "ram:ApplicableHeaderTradeAgreement")
    _put_party(_put(agreement, "ram:SellerTradeParty"), Party.from_json(paper.invoice.seller))
    _put_party(_put(agreement, "ram:BuyerTradeParty"), Party.from_json(paper.invoice.buyer))
    if paper.invoice.purchase_order:
        order = _put(agreement, "ram:BuyerOrderReferencedDocument")
        _put(order, "ram:IssuerAssignedID", paper.invoice.purchase_order)


def _put_party(place: ET.Element, party: Party) -> None:
    _put(place, "ram:Name", party.name or "-")
    address = _put(place, "ram:PostalTradeAddress")
    for tag, text in (
        ("ram:PostcodeCode", party.postal_code),
        ("ram:LineOne", party.street),
        ("ram:CityName", party.city),
    ):
        if text:
            _put(address, tag, text)
    _put(address, "ram:CountryID", party.country)
    number = re.sub(r"[\s.\-]", "", party.vat_number).upper()
    if number:
        # A number of VAT begins with the code of a country; another one is a tax number of the place.
        kind = "VA" if number[:2].isalpha() else "FC"
        _put(place, "ram:SpecifiedTaxRegistration/ram:ID", number).set("schemeID", kind)


def _put_settlement(deal: ET.Element, paper: _Paper) -> None:
    place = _put(deal, "ram:ApplicableHeaderTradeSettlement")
    currency = paper.invoice.currency
    if paper.reference:
        _put(place, "ram:PaymentReference", paper.reference)
    _put(place, "ram:InvoiceCurrencyCode", currency)
    if paper.iban:
        means = _put(place, "ram:SpecifiedTradeSettlementPaymentMeans")
        _put(means, "ram:TypeCode", TRANSFER)
        _put(means, "ram:PayeePartyCreditorFinancialAccount/ram:IBANID", paper.iban)
    sums = []
    for rule in dict.fromkeys(line.rule for line in paper.lines):
        alike = [(line.rate, line.net, line.tax) for line in paper.lines if line.rule == rule]
        for each in sum_by_rate(alike, currency):
            _put_rate(place, each, *rule)
            sums.append(each)
    if not paper.is_settled:
        _put_day(_put(place, "ram:SpecifiedTradePaymentTerms"), "ram:DueDateDateTime", paper.invoice.due_on)
    _put_totals(place, sums, paper)
    if paper.corrects is not None and paper.corrects.issued_on is not None:
        earlier = _put(place, "ram:InvoiceReferencedDocument")
        _put(earlier, "ram:IssuerAssignedID", str(paper.corrects.number))
        _put_day(earlier, "ram:FormattedIssueDateTime", paper.corrects.issued_on, kind="qdt")


def _put_rate(place: ET.Element, each: RateSum, category: str, tax_code: str) -> None:
    tax = _put(place, "ram:ApplicableTradeTax")
    _put(tax, "ram:CalculatedAmount", _plain(each.tax))
    _put(tax, "ram:TypeCode", "VAT")
    if category in WHY_NONE:
        _put(tax, "ram:ExemptionReason", str(REASONS[tax_code]))
    _put(tax, "ram:BasisAmount", _plain(each.net))
    _put(tax, "ram:CategoryCode", category)
    if category in WHY_NONE:
        _put(tax, "ram:ExemptionReasonCode", WHY_NONE[category])
    _put(tax, "ram:RateApplicablePercent", _percent(each.rate))


def _put_totals(place: ET.Element, sums: Iterable[RateSum], paper: _Paper) -> None:
    currency = paper.invoice.currency
    net = Money.total((each.net for each in sums), currency)
    tax = Money.total((each.tax for each in sums), currency)
    total, none = net + tax, Money.zero(currency)
    place = _put(place, "ram:SpecifiedTradeSettlementHeaderMonetarySummation")
    _put(place, "ram:LineTotalAmount", _plain(net))
    _put(place, "ram:TaxBasisTotalAmount", _plain(net))
    _put(place, "ram:TaxTotalAmount", _plain(tax)).set("currencyID", currency)
    _put(place, "ram:GrandTotalAmount", _plain(total))
    _put(place, "ram:TotalPrepaidAmount", _plain(total if paper.is_settled else none))
    _put(place, "ram:DuePayableAmount", _plain(none if paper.is_settled else total))


def _plain(amount: Money) -> str:
    return f"{amount.as_decimal():f}"


def _percent(basis_points: int) -> str:
    return f"{Decimal(basis_points) / 100:f}"


def _put_day(place: ET.Element, path: str, day: date, kind: str = "udt") -> None:
    _put(place, f"{path}/{kind}:DateTimeString", f"{day:%Y%m%d}").set("format", "102")


def _put(place: ET.Element, path: str, text: str = "") -> ET.Element:
    """Add the elements of `path` and return the last one; signs that XML cannot hold are left out."""
    for step in path.split("/"):
        place = ET.SubElement(place, _tag(step))
    if text:
        place.text = NO_XML.sub("", text)
    return place


def _tag(name: str) -> str:
    short, _colon, local = name.partition(":")
    return f"{{{SPACES[short]}}}{local}"
