"""Basket, pro forma, invoice, its document, its XML and the ledger say the same (BIL-6, BIL-15, BIL-18)."""

from dataclasses import replace
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from typing import Any
from xml.etree import ElementTree as ET

import pytest
from babel.numbers import parse_decimal
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from billing.documents.content import invoice_content, pro_forma_content
from billing.documents.einvoice import write_invoice
from billing.invoices.models import Invoice
from billing.invoices.selectors import list_lines
from billing.ledger.models import Entry
from billing.profiles.models import LegalEntity
from billing.profiles.party import Party
from billing.tax.quote import LineInput, Quote, quote
from manager.kit.money import Money
from manager.kit.scope import tenant_scope
from organizations.profile.models import Organization
from tests.factories.billing import AT, make_invoice, make_legal_entity, pay_invoice
from tests.factories.cast import make_person, make_tenant

PLACES = [("CH", "8001"), ("DE", "10115"), ("PT", "9000-123"), ("ES", "35001"), ("FI", "00100"), ("US", "1")]
NUMBERS = {"DE": "DE136695976"}
RAM = "{urn:un:unece:uncefact:data:standard:ReusableAggregateBusinessInformationEntity:100}"
SUMS = f".//{RAM}SpecifiedTradeSettlementHeaderMonetarySummation"
RATES = f".//{RAM}ApplicableHeaderTradeSettlement/{RAM}ApplicableTradeTax"


@st.composite
def rows(draw: st.DrawFn) -> tuple[int, int, int, bool]:
    """Return a unit price, a quantity, a discount within them, and whether the line pays a period."""
    unit, quantity = draw(st.integers(0, 10**7)), draw(st.integers(1, 60))
    return unit, quantity, draw(st.integers(0, unit * quantity)), draw(st.booleans())


sales = st.tuples(
    st.lists(rows(), min_size=1, max_size=6),
    st.sampled_from(PLACES),
    st.sampled_from(["private", "company"]),
    st.sampled_from(["CHF", "EUR"]),
)


@pytest.fixture
def organization() -> Organization:
    make_legal_entity()
    return make_tenant(make_person())


@settings(
    max_examples=20,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(sale=sales)
def test_every_place_says_the_same(organization: Organization, sale: Any) -> None:
    """BIL-6: for any lines, quantities, discounts, rates, currencies and countries."""
    given_rows, (country, postal_code), kind, currency = sale
    buyer = replace(
        Party.of_organization(organization),
        country=country,
        postal_code=postal_code,
        kind=kind,
        vat_number=NUMBERS.get(country, "") if kind == "company" else "",
    )
    lines = [line_of(row, currency) for row in given_rows]
    with tenant_scope(organization.pk):
        seller = LegalEntity.objects.get()
        basket = quote(lines=lines, buyer=buyer, seller=seller, currency=currency, on=AT.date())
        draft = make_invoice(organization, lines, address=buyer)
        assert_content(pro_forma_content(invoice=draft, lines=list_lines(invoice=draft)), basket)
        paid = pay_invoice(draft)
        assert (paid.net, paid.tax, paid.total) == (basket.net, basket.tax, basket.total)
        kept = list_lines(invoice=paid)
        assert [(line.net, line.tax_rate, line.tax) for line in kept] == [
            (line.net, line.tax_rate, line.tax) for line in basket.lines
        ]
        assert_content(invoice_content(invoice=paid, lines=kept), basket)
        assert_xml(write_invoice(invoice=paid, lines=kept), basket)
        assert_ledger(paid, basket)
    for line in basket.lines:
        exact = Decimal(line.net.amount) * line.tax_rate / 10_000
        assert line.tax.amount == int(exact.quantize(Decimal(1), ROUND_HALF_UP))


def line_of(row: tuple[int, int, int, bool], currency: str) -> LineInput:
    unit, quantity, discount, has_period = row
    return LineInput(
        description="Web hosting",
        unit=Money(unit, currency),
        quantity=quantity,
        months=12,
        period=(date(2027, 1, 1), date(2028, 1, 1)) if has_period else None,
        discount=Money(discount, currency) if discount else None,
        discounted_by="SPRING" if discount else "",
    )


def assert_content(content: dict[str, Any], basket: Quote) -> None:
    """Compare what is printed, read back from the text that people see."""

    def read(text: str) -> int:
        return int(parse_decimal(text, locale=content["language"]) * 100)

    assert [read(line["net"]) for line in content["lines"]] == [line.net.amount for line in basket.lines]
    assert read(content["net"]) == basket.net.amount
    assert [read(rate["tax"]) for rate in content["rates"]] == [each.tax.amount for each in basket.by_rate]
    assert content["total"] == basket.total.format(content["language"])


def assert_xml(xml: str, basket: Quote) -> None:
    root = ET.fromstring(xml)

    def amounts(path: str) -> list[int]:
        return [int(Decimal(node.text or "0") * 100) for node in root.findall(path)]

    assert amounts(f"{SUMS}/{RAM}TaxBasisTotalAmount") == [basket.net.amount]
    assert amounts(f"{SUMS}/{RAM}TaxTotalAmount") == [basket.tax.amount]
    assert amounts(f"{SUMS}/{RAM}GrandTotalAmount") == [basket.total.amount]
    assert amounts(f"{RATES}/{RAM}CalculatedAmount") == [each.tax.amount for each in basket.by_rate]
    assert amounts(f"{RATES}/{RAM}BasisAmount") == [each.net.amount for each in basket.by_rate]
    assert amounts(f"{RATES}/{RAM}RateApplicablePercent") == [each.rate for each in basket.by_rate]


def assert_ledger(invoice: Invoice, basket: Quote) -> None:
    entries = Entry.objects.filter(
        organization_id=invoice.organization_id,
        journal__reference=f"invoice:{invoice.pk}:issue",
    )
    posted = dict(entries.values_list("account__kind", "amount"))
    assert -posted.get("receivable", 0) == basket.total.amount
    # What promotions took off stands beside the revenue, so that both can be read.
    assert posted.get("revenue", 0) + posted.get("promotions", 0) == basket.net.amount
    assert posted.get("tax", 0) == basket.tax.amount
