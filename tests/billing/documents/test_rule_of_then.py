"""What goes back or is set off keeps the rule of VAT under which it was sold, whatever holds now (BIL-6)."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from xml.etree import ElementTree as ET

import pytest
from django.utils import translation

from billing.changes.models import ChangeQuote
from billing.changes.services import accept_change, quote_change
from billing.documents.content import credit_note_content, invoice_content
from billing.documents.einvoice import SPACES, write_credit_note, write_invoice
from billing.invoices.models import CreditNote, Invoice
from billing.invoices.page import build_invoice_page
from billing.invoices.selectors import list_lines
from billing.invoices.services import finalize_invoice, void_invoice
from billing.profiles.models import BillingAddress
from billing.profiles.selectors import default_address
from billing.tax.decision import DOMESTIC, REASONS
from manager.kit.scope import tenant_scope
from organizations.profile.models import Organization
from products.inventory.models import Product
from tests.factories.billing import ACTOR, AT, make_buyer, make_invoice, pay_invoice
from tests.factories.cast import make_person
from tests.factories.orders import confirm_cart, fill_cart, reread_order
from tests.factories.products import make_plan, reread
from tests.factories.tokens import token_client

FIRST = datetime(2026, 1, 10, 10, 0, tzinfo=UTC)
THEN = FIRST + timedelta(days=73)

SWISS = {"country": "CH", "vat_number": "CHE-116.281.710 MWST", "postal_code": "8001"}
GERMAN = {"country": "DE", "vat_number": "DE136695976", "postal_code": "10115"}
GERMAN_WITHOUT = {**GERMAN, "vat_number": ""}
AMERICAN = {"country": "US", "vat_number": "", "postal_code": "10001"}

# Where the customer was and is, the rules of both sales, and the categories of the second invoice.
MOVES = {
    "to the seller's country": (AMERICAN, SWISS, ("export", "domestic"), {"S", "G"}),
    "out of the seller's country": (SWISS, AMERICAN, ("domestic", "export"), {"S", "G"}),
    "number no longer there": (GERMAN, GERMAN_WITHOUT, ("reverse_charge", "eu_destination"), {"S", "Z"}),
    "number since": (GERMAN_WITHOUT, GERMAN, ("eu_destination", "reverse_charge"), {"S", "AE"}),
    "out of reverse charge": (GERMAN, SWISS, ("reverse_charge", "domestic"), {"S", "AE"}),
    "from reverse charge to export": (GERMAN, AMERICAN, ("reverse_charge", "export"), {"Z", "G"}),
}


@pytest.fixture
def organization() -> Organization:
    return make_buyer()


def move(organization: Organization, fields: dict[str, str]) -> None:
    with tenant_scope(organization.pk):
        BillingAddress.objects.update(**fields)


def buy(organization: Organization, *, at: datetime) -> Product:
    fill_cart(organization, make_plan(prices={("CHF", 12): 10_000}), months=12, name="Shop", at=at)
    with tenant_scope(organization.pk):
        address = default_address(organization=organization)
    order = reread_order(confirm_cart(organization, address=address, at=at), organization)
    pay_invoice(order.invoice, at=at)
    return reread(order.lines.all()[0].product, organization)


def change(organization: Organization, product: Product, price: int, *, at: datetime) -> ChangeQuote:
    plan = make_plan(prices={("CHF", 12): price})
    with tenant_scope(organization.pk):
        quoted = quote_change(product=reread(product, organization), at=at, plan=plan)
        done = accept_change(change=quoted, actor=ACTOR, at=at)
        if done.due_amount:
            pay_invoice(done.invoice, at=at)
        return done


def categories_of(xml: str) -> set[str | None]:
    return {code.text for code in ET.fromstring(xml).findall(".//ram:CategoryCode", SPACES)}


def told(rules: tuple[str, ...]) -> set[str]:
    """Return what a document says of rules; the seller's own country is told by the rates."""
    with translation.override("en"):
        return {str(REASONS[rule]) for rule in rules if rule != DOMESTIC}


@pytest.mark.parametrize("case", MOVES)
def test_a_change_sets_off_under_the_rule_of_the_first_sale(
    organization: Organization, find_faults: Callable[[bytes], list[str]], case: str
) -> None:
    """BIL-6, BIL-18, PRD-14: both rules are told, the data is right by the standard; credit notes as well."""
    here, there, rules, categories = MOVES[case]
    move(organization, here)
    product = buy(organization, at=FIRST)
    move(organization, there)
    change(organization, product, 20_000, at=THEN)
    change(organization, product, 1, at=THEN + timedelta(seconds=1))
    with tenant_scope(organization.pk):
        first, second, *_rest = Invoice.objects.select_related("organization", "legal_entity").order_by("pk")
        assert (first.tax_code, second.tax_code) == rules
        lines = list_lines(invoice=second)
        assert {line.tax_code or second.tax_code for line in lines} == set(rules)
        content = invoice_content(invoice=second, lines=lines)
        assert set(content["notes"]) & {str(reason) for reason in REASONS.values()} == told(rules)
        xml = write_invoice(invoice=second, lines=lines)
        assert categories_of(xml) == categories
        page = build_invoice_page(invoice=second, can_manage=False)
        assert all(str(REASONS[rule]) in page.tax_reason for rule in rules)
        assert find_faults(xml.encode()) == []
        notes = list(CreditNote.objects.select_related("invoice__legal_entity"))
        assert {note.invoice.origin for note in notes} == {"order", "change"}
        for note in notes:
            content = credit_note_content(note=note, invoice=note.invoice, lines=[])
            assert told((note.invoice.tax_code,)) <= set(content["notes"])
            assert find_faults(write_credit_note(note=note, invoice=note.invoice, lines=[]).encode()) == []


def test_the_lines_tell_their_rules_over_rest() -> None:
    """BIL-6, API-1: each line of the invoice, and what a credit note gives back of it."""
    owner = make_person()
    organization = make_buyer(owner)
    move(organization, AMERICAN)
    product = buy(organization, at=FIRST)
    move(organization, SWISS)
    change(organization, product, 20_000, at=THEN)
    change(organization, product, 1, at=THEN + timedelta(seconds=1))
    root, client = f"/api/1/organizations/{organization.pk}", token_client(owner, "billing:read")

    def codes(what: str) -> list[str]:
        lines = client.get(f"{root}/{what}").json()["data"]["lines"]
        return [line["tax_code"] for line in lines]

    with tenant_scope(organization.pk):
        first, second, _third = Invoice.objects.order_by("pk").values_list("pk", flat=True)
        notes = dict(CreditNote.objects.values_list("invoice_id", "pk"))
    assert codes(f"invoices/{first}") == codes(f"credit-notes/{notes[first]}") == ["export"]
    assert codes(f"invoices/{second}") == codes(f"credit-notes/{notes[second]}") == ["domestic", "export"]


@pytest.mark.parametrize("address", [SWISS, GERMAN, GERMAN_WITHOUT, AMERICAN])
def test_a_credit_note_over_the_whole_says_what_its_invoice_says(
    organization: Organization, address: dict[str, str]
) -> None:
    """BIL-5, BIL-6: rule, recipient and categories, also where the customer is somewhere else meanwhile."""
    move(organization, address)
    with tenant_scope(organization.pk):
        invoice = make_invoice(organization, address=default_address(organization=organization))
        issued = finalize_invoice(invoice=invoice, actor=ACTOR, at=AT)
        lines = list_lines(invoice=issued)
        bill, data = invoice_content(invoice=issued, lines=lines), write_invoice(invoice=issued, lines=lines)
    move(organization, AMERICAN if address is not AMERICAN else GERMAN)
    with tenant_scope(organization.pk):
        void = void_invoice(invoice=issued, reason="Wrong", actor=ACTOR, at=AT)
        note = void.credit_notes.get(organization_id=organization.pk)
        paper = credit_note_content(note=note, invoice=void, lines=lines)
        back = write_credit_note(note=note, invoice=void, lines=lines)
    assert paper["notes"] == bill["notes"]
    assert paper["buyer"] == bill["buyer"]
    assert categories_of(back) == categories_of(data)
