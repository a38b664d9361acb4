"""Spending agrees with the invoices to the cent."""

from datetime import UTC, datetime

import pytest
from django.db.models import Sum
from django.utils import translation

from billing.figures.months import coming_months, short_name
from billing.figures.spend import read_spend
from billing.invoices.models import CreditNote, Invoice, InvoiceLine
from billing.invoices.services import finalize_invoice, void_invoice
from billing.invoices.services.credit import CreditedLine, credit_to_prepaid
from manager.kit.money import Money
from manager.kit.scope import tenant_scope
from tests.factories.amounts import chf
from tests.factories.billing import ACTOR, make_invoice, make_legal_entity, make_line, pay_invoice
from tests.factories.cast import client_of, make_person, make_tenant
from tests.factories.products import make_plan, make_product
from tests.factories.tokens import token_client

OCTOBER = datetime(2026, 10, 5, 9, 0, tzinfo=UTC)
NOVEMBER = datetime(2026, 11, 22, 9, 0, tzinfo=UTC)
TODAY = NOVEMBER.date()


@pytest.fixture
def owner():
    return make_person()


@pytest.fixture
def organization(owner):
    make_legal_entity()
    return make_tenant(owner)


@pytest.fixture
def billed(organization):
    """A year's accounts: two families, odd amounts, a part given back, one voided, one never issued."""
    web = make_product(organization, plan=make_plan(family="web"))
    mail = make_product(organization, plan=make_plan(family="mail"))
    lines = [make_line(3_333, product=web), make_line(1_001, product=mail), make_line(777)]
    paid = pay_invoice(make_invoice(organization, lines, at=OCTOBER), at=OCTOBER)
    pay_invoice(make_invoice(organization, [make_line(505, product=mail)]), at=NOVEMBER)
    make_invoice(organization)
    with tenant_scope(organization.pk):
        issued = finalize_invoice(
            invoice=make_invoice(organization, [make_line(9_999, product=web)]), actor=ACTOR, at=OCTOBER
        )
        void_invoice(invoice=issued, reason="Wrong address", actor=ACTOR, at=NOVEMBER)
        line = InvoiceLine.objects.get(invoice=paid, product=web)
        part = CreditedLine(
            line.description, line.tax_rate, Money(1_111, "CHF"), Money(90, "CHF"), line_id=line.pk
        )
        credit_to_prepaid(
            invoice=paid,
            lines=[part],
            reference="test-credit",
            kind="refund",
            reason="Part",
            actor=ACTOR,
            at=NOVEMBER,
        )
    return organization


def totals(rows):
    """Return the sums of documents: net, VAT, total."""
    sums = rows.aggregate(n=Sum("net_amount"), t=Sum("tax_amount"), all=Sum("total_amount"))
    return [sums[name] or 0 for name in ("n", "t", "all")]


def test_agrees_with_invoices_less_credit_notes_month_by_month(billed):
    """BIL-19: what the charts show is what the documents say, to the cent."""
    with tenant_scope(billed.pk):
        spend = read_spend(organization=billed, today=TODAY, months=12)
        for month, spent in spend.by_month:
            of_month = {"issued_on__year": month.year, "issued_on__month": month.month}
            numbered = Invoice.objects.filter(organization_id=billed.pk, number__isnull=False, **of_month)
            notes = CreditNote.objects.filter(organization_id=billed.pk, **of_month)
            expected = [a - b for a, b in zip(totals(numbered), totals(notes), strict=True)]
            assert [spent.net.amount, spent.tax.amount, spent.total.amount] == expected, month
    assert spend.whole.net.amount == 3_333 + 1_001 + 777 + 505 - 1_111
    assert {slug: spent.net.amount for slug, _name, spent in spend.by_family} == {
        "web": 3_333 - 1_111,
        "mail": 1_001 + 505,
        "": 777,
    }


def test_shows_one_currency_at_a_time_and_what_is_in_the_months(organization):
    """Amounts of two currencies are never added; what is older is left out."""
    pay_invoice(make_invoice(organization, [make_line(1_000)]), at=NOVEMBER)
    pay_invoice(make_invoice(organization, [make_line(2_000)]), at=NOVEMBER.replace(year=2025, day=1))
    with tenant_scope(organization.pk):
        organization.currency = "EUR"
        organization.save(update_fields=["currency"])
    pay_invoice(make_invoice(organization, [make_line(700, currency="EUR")]), at=NOVEMBER)
    with tenant_scope(organization.pk):
        euros = read_spend(organization=organization, today=TODAY, months=12)
        francs = read_spend(organization=organization, today=TODAY, months=12, currency="CHF")
        longer = read_spend(organization=organization, today=TODAY, months=24, currency="CHF")
    assert (euros.currencies, euros.whole.net) == (["CHF", "EUR"], Money(700, "EUR"))
    assert (francs.whole.net, longer.whole.net) == (Money(1_000, "CHF"), Money(3_000, "CHF"))


def test_the_page_shows_charts_with_tables_and_gives_csv(billed, owner):
    """Accessible: each chart has its title, its description and the same numbers as a table."""
    page = client_of(owner)
    address = f"/o/{billed.pk}/billing/figures/"
    text = page.get(address).content.decode()
    assert '<svg class="chart__drawing"' in text
    assert "<desc" in text
    assert "Show as a table" in text
    assert 'style="' not in text
    table = page.get(f"{address}spending/").content.decode("utf-8-sig").splitlines()
    assert table[0] == "Month,Family,Currency,Total without VAT,VAT,Total with VAT"
    assert sum(float(row.split(",")[3]) for row in table[1:]) == pytest.approx(45.05)
    assert len(page.get(f"{address}forecast/").content.decode().splitlines()) == 13


def test_a_script_gets_the_same_sums(billed, owner):
    """API-1."""
    script = token_client(owner, "billing:read")
    address = f"/api/1/organizations/{billed.pk}/figures/"
    data = script.get(f"{address}spending", {"months": 24}).json()["data"]
    assert data["net_amount"] == chf(4_505)
    assert sum(cell["net_amount"]["amount"] for cell in data["cells"]) == 4_505
    assert script.get(f"{address}spending", {"months": 7}).status_code == 422
    assert len(script.get(f"{address}forecast").json()["data"]["months"]) == 12


def test_holds_nothing_of_another_organization(billed):
    """INC-1: by the statement, and by row-level security behind it."""
    other = make_tenant()
    with tenant_scope(other.pk):
        assert read_spend(organization=other, today=TODAY, months=24).cells == []
        assert read_spend(organization=billed, today=TODAY, months=24).cells == []


@pytest.mark.parametrize("language", ["en", "fr", "de", "it", "es"])
def test_no_two_months_of_a_chart_are_called_alike(language):
    """UI-4: as people of the language shorten them; French June and July differ in their fourth letter."""
    with translation.override(language):
        names = [short_name(month) for month in coming_months(TODAY, 12)]
    assert len(set(names)) == 12
    assert not any(name.endswith(".") or name[0].islower() for name in names)
    assert {"Juin", "Juil"} <= set(names) or language != "fr"
