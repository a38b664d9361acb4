"""A company of the operator in Germany sells in euros: cart, papers, refunds and ledger agree (BIL-6)."""

from collections import Counter
from datetime import UTC, date, datetime
from typing import Any

import pytest

from billing.documents.content import invoice_content
from billing.documents.einvoice import write_invoice
from billing.invoices.models import CreditNote, Invoice
from billing.invoices.selectors import list_lines
from billing.ledger.models import AccountKind, Entry
from billing.orders.selectors import price_cart
from billing.profiles.models import LegalEntity
from billing.profiles.selectors import default_entity
from billing.profiles.services import set_up_entity
from billing.proof.services import find_differences
from billing.refunds.models import Refund
from billing.refunds.periodic import drain_refunds
from billing.refunds.services import refund_invoice
from billing.refunds.services.refund import Destination, Wish
from billing.tax.models import Scheme
from billing.tax.services import set_scheme
from manager.kit.scope import tenant_scope
from organizations.profile.models import Organization
from tests.billing.tax.test_agreement import assert_content, assert_ledger, assert_xml
from tests.factories.billing import ACTOR, make_invoice, make_legal_entity, pay_invoice
from tests.factories.cast import make_tenant
from tests.factories.orders import address_of, confirm_cart, fill_cart, reread_order
from tests.factories.products import make_option, make_plan

AT = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
UNIT, OPTION = 3_333, 999
NET = 3 * UNIT + 3 * OPTION
"""Three of a plan with an option: two lines, whose VAT is rounded once each."""

# Who buys, the rule, the rate, and the VAT of the two lines, by hand.
CASES = {
    "a person at home": (("DE", "10115", "private", ""), "domestic", 1_900, (1_900, 569)),
    "a company at home": (("DE", "10115", "company", "DE136695976"), "domestic", 1_900, (1_900, 569)),
    "a person in France": (("FR", "75001", "private", ""), "eu_destination", 2_000, (2_000, 599)),
    "a company in France": (("FR", "75001", "company", "FR40303265045"), "reverse_charge", 0, (0, 0)),
    "a company without a number": (("FR", "75001", "company", ""), "eu_destination", 2_000, (2_000, 599)),
    "a person on Madeira": (("PT", "9000-123", "private", ""), "eu_destination", 2_200, (2_200, 659)),
    "a person on the Canaries": (("ES", "35001", "private", ""), "export", 0, (0, 0)),
    "a company in Switzerland": (("CH", "8001", "company", ""), "export", 0, (0, 0)),
}


@pytest.fixture
def seller() -> LegalEntity:
    """Return the German company, which sells beside a Swiss one that sold before."""
    make_legal_entity()
    fields = {"name": "Manager GmbH", "street": "Torstraße 1", "postal_code": "10119", "city": "Berlin"}
    numbers = {"country": "DE", "vat_number": "DE136695976", "number_prefix": "DE", "is_default": True}
    set_up_entity(code="de", time_zone="Europe/Berlin", iban="DE89370400440532013000", **fields, **numbers)
    return default_entity()


def use_scheme(seller: LegalEntity, scheme: str) -> None:
    set_scheme(seller=seller, scheme=scheme, number="", valid_from=date(2026, 1, 1), actor=ACTOR, at=AT)


def buy(buyer: tuple[str, str, str, str]) -> tuple[Organization, Invoice, Any]:
    """Return who bought, the paid invoice, and what the cart had said before."""
    country, postal_code, kind, number = buyer
    organization = make_tenant(country=country)
    with tenant_scope(organization.pk):
        Organization.objects.filter(pk=organization.pk).update(currency="EUR")
        organization.refresh_from_db()
    plan = make_plan(prices={("EUR", 12): UNIT, ("CHF", 12): 99_999})
    make_option(plan, prices={("EUR", 12): OPTION, ("CHF", 12): 99_999})
    fill_cart(organization, plan, quantity=3, options={"privacy": 1}, name="Shop", at=AT)
    address = address_of(organization, postal_code=postal_code, kind=kind, vat_number=number)
    with tenant_scope(organization.pk):
        basket = price_cart(organization=organization, buyer=address, on=AT.date()).quote
    order = reread_order(confirm_cart(organization, address=address, at=AT), organization)
    return organization, pay_invoice(order.invoice, at=AT), basket


@pytest.mark.parametrize("who", CASES)
def test_cart_invoice_papers_and_ledger_agree(seller: LegalEntity, who: str) -> None:
    """BIL-6, BIL-15: to the cent, under the one-stop shop."""
    buyer, rule, rate, vat = CASES[who]
    use_scheme(seller, Scheme.ONE_STOP_SHOP)
    organization, invoice, basket = buy(buyer)
    assert (invoice.currency, invoice.net_amount, invoice.tax_amount) == ("EUR", NET, sum(vat))
    assert (invoice.legal_entity_id, invoice.tax_code, str(invoice.number)[:3]) == (seller.pk, rule, "DE-")
    with tenant_scope(organization.pk):
        lines = list_lines(invoice=invoice)
        assert [(line.tax_rate, line.tax_amount) for line in lines] == [(rate, tax) for tax in vat]
        assert [line.tax for line in lines] == [line.tax for line in basket.lines]
        assert (invoice.net, invoice.tax, invoice.total) == (basket.net, basket.tax, basket.total)
        content = invoice_content(invoice=invoice, lines=lines)
        assert_content(content, basket)
        assert_xml(write_invoice(invoice=invoice, lines=lines), basket)
        assert_ledger(invoice, basket)
        assert set(Entry.objects.values_list("journal__currency", flat=True)) == {"EUR"}
    assert "DE136695976" in str(content)
    assert "CHE" not in str(content)


def test_below_the_threshold_consumers_pay_the_rate_at_home(seller: LegalEntity) -> None:
    """BIL-6: 19 % also in France; a business there owes it itself all the same."""
    use_scheme(seller, Scheme.HOME_RATE)
    person, business = (buy(CASES[who][0])[1] for who in ("a person in France", "a company in France"))
    assert (person.tax_code, person.tax_amount) == ("eu_origin", 1_900 + 569)
    assert (business.tax_code, business.tax_amount) == ("reverse_charge", 0)


@pytest.mark.parametrize("parts", [[NET], [1, 99, 4_000], [3_334, 3_333, 3_333]])
def test_what_goes_back_in_parts_leaves_its_vat_exact(seller: LegalEntity, parts: list[int]) -> None:
    """BIL-14: in euros, by credit notes of the German company; the ledger says what the papers say."""
    use_scheme(seller, Scheme.ONE_STOP_SHOP)
    organization, invoice, _basket = buy(CASES["a person in France"][0])
    for number, part in enumerate(parts):
        with tenant_scope(organization.pk):
            kept = Invoice.objects.select_related("organization", "legal_entity").get(pk=invoice.pk)
            wish = Wish({}, part, Destination.PREPAID, "Goodwill")
            refund_invoice(invoice=kept, wish=wish, key=str(number), actor=ACTOR, at=AT)
        drain_refunds(at=AT)
    with tenant_scope(organization.pk):
        assert Refund.objects.count() == len(parts)
        notes = list(CreditNote.objects.all())
        assert {(note.currency, note.legal_entity_id) for note in notes} == {("EUR", seller.pk)}
        posted = Counter[str]()
        for kind, amount in Entry.objects.values_list("account__kind", "amount"):
            posted[kind] += amount
        assert posted[AccountKind.TAX] == invoice.tax_amount - sum(note.tax_amount for note in notes)
        assert posted[AccountKind.PREPAID] == sum(parts)
        back = posted[AccountKind.TAX] / (invoice.tax_amount or 1) - (1 - sum(parts) / invoice.total_amount)
        assert abs(back) < 1 / 1000  # what VAT is left is that of what is left
    assert {found.comparison for found in find_differences()} <= {"clearing"}


def test_the_swiss_company_is_not_touched(seller: LegalEntity) -> None:
    """BIL-5, BIL-6: its numbers go on where they were, and its invoices keep its VAT."""
    swiss = LegalEntity.objects.get(code="ch")
    set_up_entity(code="ch", is_default=True)
    organization = make_tenant()
    before = pay_invoice(make_invoice(organization, at=AT), at=AT)
    set_up_entity(code="de", is_default=True)
    _buyer, german, _basket = buy(CASES["a person at home"][0])
    set_up_entity(code="ch", is_default=True)
    after = pay_invoice(make_invoice(organization, at=AT), at=AT)
    numbers = [str(one.number) for one in (before, after)]
    assert [number.rpartition("-")[0] for number in numbers] == ["CH-2026", "CH-2026"]
    first, second = (int(number.rpartition("-")[2]) for number in numbers)
    assert second == first + 1
    assert (before.legal_entity_id, after.tax_code, german.legal_entity_id) == (
        swiss.pk,
        "domestic",
        seller.pk,
    )
