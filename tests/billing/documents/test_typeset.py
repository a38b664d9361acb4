"""Documents: made once, frozen, and deaf to what people write (BIL-4, INC-28)."""

import hashlib
import io
import re
from collections.abc import Callable, Iterator
from pathlib import Path

import psycopg
import pypdf
import pytest

from billing.documents import typeset as typesetter
from billing.documents.models import Document
from billing.documents.periodic import drain_documents
from billing.documents.services import NotIssued, get_credit_note, get_document, render_pro_forma
from billing.documents.typeset import RenderFailed
from billing.invoices.models import Invoice
from billing.invoices.services import finalize_invoice, void_invoice
from billing.invoices.services.credit import CHANGE_CREDIT, CreditedLine, credit_to_prepaid
from billing.invoices.status import InvoiceStatus
from billing.profiles.party import Party
from manager.kit.money import Money
from manager.kit.scope import tenant_scope
from organizations.profile.models import Organization
from tests.factories.billing import ACTOR, AT, make_invoice, make_legal_entity, make_line, pay_invoice
from tests.factories.cast import make_tenant

LANGUAGES = ["en", "fr", "de", "it", "es"]
HOSTILE = [
    '#import "@preview/cetz:0.3.0": *',
    '#read("/etc/passwd")',
    '"); #read("/etc/passwd") //',
    "<img src=http://127.0.0.1:1>",
    '#image("/etc/hostname")',
    "$ sum_(i=1)^n $ *bold* _em_ `raw` @ref <label> \\u{41}",
    "= heading\n- list\n#panic()",
]


@pytest.fixture
def organization() -> Iterator[Organization]:
    make_legal_entity()
    organization = make_tenant()
    with tenant_scope(organization.pk):
        yield organization


def buyer(name: str = "Example AG") -> Party:
    return Party(
        name=name, kind="company", street="Street 1", postal_code="8001", city="Zürich", country="CH"
    )


def text_of(content: bytes) -> str:
    pages = pypdf.PdfReader(io.BytesIO(content)).pages
    return " ".join(" ".join(page.extract_text() for page in pages).split())


@pytest.fixture
def paid(organization: Organization) -> Invoice:
    lines = [
        make_line(6900, description="Web hosting · example.ch"),
        make_line(1290, quantity=2, months=None),
    ]
    return pay_invoice(make_invoice(organization, lines, address=buyer()))


class TestInvoice:
    def test_says_what_the_law_wants(self, paid: Invoice) -> None:
        """BIL-4, BIL-6: number, date, parties, lines, rate, VAT, total."""
        text = text_of(bytes(get_document(invoice=paid, at=AT).content))
        for expected in (
            "CH-2026-000001",
            "November 22, 2026",
            "Example AG",
            "Manager Hosting SA",
            "CHE-116.281.710 MWST",
            "Web hosting · example.ch",
            "94.80",
            "VAT 8.1% on 94.80",
            "7.68",
            "CHF 102.48",
            "Visa •••• 4242",
            "Page 1 of 1",
        ):
            assert expected in text.replace("\xa0", " ")

    def test_is_stored_once_with_its_digest(self, paid: Invoice) -> None:
        """BIL-4: never changed again."""
        first = get_document(invoice=paid, at=AT)
        assert get_document(invoice=paid, at=AT) == first
        assert first.sha256 == hashlib.sha256(bytes(first.content)).hexdigest()
        assert Document.objects.count() == 1

    def test_cannot_be_changed_by_sql(
        self, paid: Invoice, as_role: Callable[[str], psycopg.Connection]
    ) -> None:
        """BIL-4."""
        get_document(invoice=paid, at=AT)
        sql = as_role("web")
        sql.execute("select set_config('app.organization', %s, false)", [str(paid.organization_id)])
        for statement in ("update billing_document set content = ''", "delete from billing_document"):
            with pytest.raises(psycopg.errors.IntegrityConstraintViolation):
                sql.execute(statement)

    def test_is_kept_for_years_and_can_be_read_aloud(self, paid: Invoice) -> None:
        """PDF/A-3a and PDF/UA-1, in the invoice's language."""
        reader = pypdf.PdfReader(io.BytesIO(bytes(get_document(invoice=paid, at=AT).content)))
        assert reader.metadata is not None
        assert reader.metadata.title == "Invoice CH-2026-000001"
        assert reader.trailer["/Root"]["/Lang"] == "en"
        packet = reader.trailer["/Root"]["/Metadata"].get_data().decode()
        assert "<pdfaid:part>3</pdfaid:part>" in packet
        assert "<pdfuaid:part>1</pdfuaid:part>" in packet

    @pytest.mark.parametrize("language", LANGUAGES)
    def test_is_set_in_every_language(self, organization: Organization, language: str) -> None:
        """UI-4."""
        Organization.objects.filter(pk=organization.pk).update(language=language)
        organization.refresh_from_db()
        invoice = pay_invoice(make_invoice(organization))
        document = get_document(invoice=invoice, at=AT)
        assert document.language == language
        assert "CH-2026-000001" in text_of(bytes(document.content))

    def test_is_refused_for_a_draft(self, organization: Organization) -> None:
        """BIL-4: a draft has a pro forma only."""
        with pytest.raises(NotIssued):
            get_document(invoice=make_invoice(organization), at=AT)

    def test_goes_over_several_pages(self, organization: Organization) -> None:
        """All lines are there, and the pages are counted."""
        lines = [make_line(100 + n, description=f"Service {n:03d}") for n in range(80)]
        text = text_of(
            bytes(get_document(invoice=pay_invoice(make_invoice(organization, lines)), at=AT).content)
        )
        assert all(f"Service {n:03d}" in text for n in range(80))
        assert re.search(r"Page (\d) of \1$", text)


class TestProForma:
    def test_says_that_it_has_no_value(self, organization: Organization) -> None:
        """BIL-4."""
        invoice = make_invoice(organization)
        text = text_of(render_pro_forma(invoice=invoice, at=AT))
        assert "no legal, tax or accounting value" in text
        assert f"Reference {invoice.pk}" in text
        assert "CH-2026" not in text
        assert not Document.objects.exists()


class TestCreditNote:
    def test_takes_the_amounts_back(self, organization: Organization) -> None:
        """BIL-5."""
        issued = finalize_invoice(invoice=make_invoice(organization), actor=ACTOR, at=AT)
        voided = void_invoice(invoice=issued, reason="Ordered by mistake", actor=ACTOR, at=AT)
        text = text_of(bytes(get_credit_note(note=voided.credit_notes.get(), at=AT).content)).replace(
            "\xa0", " "
        )
        for expected in (
            "CN-CH-2026-000001",
            "for invoice CH-2026-000001",
            "Ordered by mistake",
            "-100.00",
            "108.10",
        ):
            assert expected in text

    def test_over_a_part_has_its_own_lines_and_rates(self, organization: Organization) -> None:
        """BIL-6, BIL-14: and each note of an invoice has its own document."""
        invoice = pay_invoice(make_invoice(organization))
        parts = [("Hosting", 810, 3000, 243), ("Book", 260, 1000, 26)]
        notes = [
            credit_to_prepaid(
                invoice=invoice,
                lines=[CreditedLine(text, rate, Money(net, "CHF"), Money(tax, "CHF"))],
                reference=f"test:{text}",
                kind=CHANGE_CREDIT,
                reason="Change of the offer",
                actor=ACTOR,
                at=AT,
            )
            for text, rate, net, tax in parts
        ]
        first, second = (text_of(bytes(get_credit_note(note=note, at=AT).content)) for note in notes)
        for text, expected in (
            (first, ("Hosting", "-30.00", "8.1", "-2.43", "32.43")),
            (second, ("Book", "2.6", "10.26")),
        ):
            assert all(part in text for part in expected), text
        assert "Book" not in first
        assert get_credit_note(note=notes[0], at=AT).pk != get_credit_note(note=notes[1], at=AT).pk
        assert Document.objects.filter(kind="credit_note").count() == 2


class TestHostileText:
    """INC-28: what people write is text and nothing else."""

    @pytest.mark.parametrize("name", HOSTILE)
    def test_prints_a_name_as_it_is(self, organization: Organization, name: str) -> None:
        lines = [make_line(description=name)]
        invoice = pay_invoice(make_invoice(organization, lines, address=buyer(name)), paid_with=name[:120])
        text = text_of(bytes(get_document(invoice=invoice, at=AT).content))
        assert "root:" not in text
        squeezed = "".join(text.split())
        assert squeezed.count("".join(name.split())) >= 2

    @pytest.mark.parametrize(
        "name", ["株式会社 例", "Société 🚀 SA", "شركة", "\u202eevil", "e\u0301" * 40, "x" * 120]
    )
    def test_survives_any_script(self, organization: Organization, name: str) -> None:
        """A character that no font has costs the mark of accessibility, not the document."""
        invoice = pay_invoice(make_invoice(organization, address=buyer(name)))
        assert bytes(get_document(invoice=invoice, at=AT).content).startswith(b"%PDF")


class TestFailure:
    @pytest.fixture
    def broken(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
        template = tmp_path / "invoice.typ"
        template.write_text('#panic("out of order")')
        monkeypatch.setattr(typesetter, "FOLDER", tmp_path)
        return template

    def test_leaves_the_payment_as_it_is(self, broken: Path, paid: Invoice) -> None:
        """Paymenter 1307: a failed document must not undo a payment."""
        with pytest.raises(RenderFailed):
            get_document(invoice=paid, at=AT)
        paid.refresh_from_db()
        assert paid.status == InvoiceStatus.PAID
        assert drain_documents(at=AT) == 0

    def test_is_made_up_for_later(self, broken: Path, paid: Invoice, monkeypatch: pytest.MonkeyPatch) -> None:
        """The drain finds what is missing, across organizations, once."""
        assert drain_documents(at=AT) == 0
        monkeypatch.undo()
        assert drain_documents(at=AT) == 1
        assert drain_documents(at=AT) == 0
        assert Document.objects.count() == 1
