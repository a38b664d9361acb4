"""What can be paid by transfer says how: the codes are read back from the printed page (BIL-17)."""

import io
import json
from collections.abc import Iterator
from typing import Any

import pytest
import typst
import zxingcpp
from PIL import Image

from billing.documents.content import invoice_content, pro_forma_content
from billing.documents.typeset import FOLDER, FONTS
from billing.invoices.models import Invoice
from billing.invoices.selectors import list_lines
from billing.profiles.party import Party
from billing.profiles.selectors import default_entity
from billing.transfer.codes import NotPayable, qr_bill_payload
from billing.transfer.references import Target, read_reference, reference_for_invoice
from billing.transfer.selectors import get_seller_account, takes_transfers
from billing.transfer.services import BadAccount, remove_seller_account, set_seller_account
from manager.kit.money import Money
from manager.kit.scope import tenant_scope
from organizations.profile.models import Organization
from tests.factories.billing import make_invoice, make_legal_entity, make_line, pay_invoice
from tests.factories.cast import make_tenant

IBAN, QR_IBAN = "CH93 0076 2011 6238 5295 7", "CH44 3199 9123 0008 8901 2"
BUYER = Party(
    name="Büro Ærø & Söhne AG",
    kind="company",
    street="Rue de l’Hôpital 12a".replace("’", "'"),
    postal_code="2501",
    city="Biel/Bienne",
    country="CH",
)


@pytest.fixture
def organization() -> Iterator[Organization]:
    entity = make_legal_entity()
    for currency, qr_iban in (("CHF", QR_IBAN), ("EUR", "")):
        set_seller_account(
            legal_entity=entity,
            currency=currency,
            iban=IBAN,
            qr_iban=qr_iban,
            bank_name="Bank",
            bic="ZKBKCHZZ",
        )
    organization = make_tenant()
    with tenant_scope(organization.pk):
        yield organization


def pro_forma_of(invoice: Invoice) -> dict[str, Any]:
    return pro_forma_content(invoice=invoice, lines=list_lines(invoice=invoice))


def read_codes(content: dict[str, Any]) -> list[str]:
    """Return what the codes say on the pages of `content`, printed with 150 dots an inch."""
    pages = typst.compile(
        str(FOLDER / "invoice.typ"),
        root=str(FOLDER),
        ignore_system_fonts=True,
        font_paths=[str(FONTS)],
        format="png",
        ppi=150,
        sys_inputs={"data": json.dumps(content)},
    )
    pictures = [Image.open(io.BytesIO(page)) for page in (pages if isinstance(pages, list) else [pages])]
    return [code.text for picture in pictures for code in zxingcpp.read_barcodes(picture)]


def test_swiss_code_is_read_from_the_page(organization: Organization) -> None:
    """BIL-17: structured addresses, amount, QR reference; the reference pays this invoice."""
    invoice = make_invoice(organization, [make_line(195_000)], address=BUYER)
    [text] = read_codes(pro_forma_of(invoice))
    reference = reference_for_invoice(invoice)
    assert text.replace("\r", "").split("\n") == [
        *("SPC", "0200", "1", QR_IBAN.replace(" ", "")),
        *("S", "Manager Hosting SA", "Rue du Lac", "12", "1207", "Genève", "CH"),
        *[""] * 7,
        *("2107.95", "CHF"),
        *("S", "Büro Ærø & Söhne AG", "Rue de l'Hôpital", "12a", "2501", "Biel/Bienne", "CH"),
        *("QRR", reference.text, f"Pro forma {invoice.pk}", "EPD"),
    ]
    assert read_reference(reference.text) == Target("invoice", invoice.pk)


def test_european_code_is_read_from_the_page(organization: Organization) -> None:
    """BIL-17: euros are asked for by the European code, with a creditor reference."""
    invoice = make_invoice(organization, [make_line(195_000, currency="EUR")], address=BUYER)
    [text] = read_codes(pro_forma_of(invoice))
    assert text.split("\n") == [
        *("BCD", "002", "1", "SCT", "ZKBKCHZZ", "Manager Hosting SA", IBAN.replace(" ", "")),
        *("EUR2107.95", "", reference_for_invoice(invoice).text),
    ]


def test_without_a_qr_iban_the_reference_is_the_creditors(organization: Organization) -> None:
    """BIL-17: an IBAN with a QR reference would be refused by the bank."""
    set_seller_account(legal_entity=default_entity(), currency="CHF", iban=IBAN, bank_name="Bank")
    [text] = read_codes(pro_forma_of(make_invoice(organization, address=BUYER)))
    assert text.split("\n")[3].strip() == IBAN.replace(" ", "")
    assert "\nSCOR" in text.replace("\r", "")


@pytest.mark.parametrize("name", ["株式会社 例", "شركة", "\U0001f680 AG"], ids=["han", "arabic", "picture"])
def test_debtor_that_cannot_stand_in_a_code_is_left_out(organization: Organization, name: str) -> None:
    """BIL-17: the payer writes who pays; the code holds Latin letters alone."""
    buyer = Party.from_json({**BUYER.as_json(), "name": name})
    [text] = read_codes(pro_forma_of(make_invoice(organization, address=buyer)))
    assert [line.strip() for line in text.split("\n")][20:27] == [""] * 7


def test_what_is_paid_or_cannot_be_transferred_asks_for_nothing(organization: Organization) -> None:
    """BIL-3, BIL-17."""
    paid = pay_invoice(make_invoice(organization, address=BUYER))
    assert invoice_content(invoice=paid, lines=list_lines(invoice=paid))["payment"] is None
    entity = default_entity()
    assert takes_transfers(legal_entity=entity, currency="CHF")
    assert remove_seller_account(legal_entity=entity, currency="CHF")
    assert not takes_transfers(legal_entity=entity, currency="CHF")
    assert pro_forma_of(make_invoice(organization, address=BUYER))["payment"] is None


def test_amount_beyond_the_standard_is_asked_for_in_words(organization: Organization) -> None:
    """BIL-17: account and reference without a code; the document is given all the same."""
    content = pro_forma_of(make_invoice(organization, [make_line(10**11)], address=BUYER))
    assert read_codes(content) == []
    assert QR_IBAN in [fact["value"] for fact in content["payment"]["facts"]]


def test_combined_addresses_never_leave(organization: Organization, monkeypatch: pytest.MonkeyPatch) -> None:
    """BIL-17: banks refuse them since 2025, even where the library would write one."""
    combined = {"name": "A", "line1": "Street 1", "line2": "8001 Zürich", "country": "CH"}
    monkeypatch.setattr("billing.transfer.codes._address", lambda _party: combined)
    account = get_seller_account(legal_entity=default_entity(), currency="CHF")
    assert account is not None
    invoice = make_invoice(organization, address=BUYER)
    with pytest.raises(NotPayable, match="combined"):
        qr_bill_payload(
            account=account, reference=reference_for_invoice(invoice), amount=Money(100, "CHF"), debtor=BUYER
        )


@pytest.mark.parametrize(
    ("iban", "qr_iban", "bic"),
    [("CH9300762011623852958", "", ""), (QR_IBAN, "", ""), (IBAN, IBAN, ""), (IBAN, "", "NOBIC")],
    ids=["wrong digit", "QR-IBAN as IBAN", "IBAN as QR-IBAN", "no BIC"],
)
def test_wrong_accounts_are_refused(organization: Organization, iban: str, qr_iban: str, bic: str) -> None:
    """BIL-17: a typing mistake of the operator would cost every customer's transfer."""
    with pytest.raises(BadAccount):
        set_seller_account(
            legal_entity=default_entity(),
            currency="CHF",
            iban=iban,
            qr_iban=qr_iban,
            bic=bic,
            bank_name="Bank",
        )
