"""Receipts and reminders, the logo, and companies that sell beside each other (BIL-4, BIL-5, BIL-7)."""

import io
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from typing import Any

import psycopg
import pypdf
import pytest
from PIL import Image

from billing.documents.logo import remove_logo, set_logo
from billing.documents.receipt import NotPaid, render_invoice_receipt, render_top_up_receipt
from billing.documents.reminder import NothingDue, render_reminder
from billing.documents.services import get_document, render_pro_forma
from billing.invoices.models import Invoice
from billing.ledger.models import AccountKind
from billing.ledger.services import post_journal
from billing.profiles.models import LegalEntity
from billing.profiles.selectors import default_entity
from billing.profiles.services import set_up_entity
from billing.transfer.references import reference_for_invoice
from billing.transfer.services import set_seller_account
from manager.kit.errors import NotFound
from manager.kit.images import ImageRefused
from manager.kit.scope import tenant_scope
from organizations.profile.models import Organization
from tests.factories.billing import AT, make_invoice, make_legal_entity, make_line, pay_invoice
from tests.factories.cast import client_of, make_tenant
from tests.factories.members import first_representative

LANGUAGES = ["en", "fr", "de", "it", "es"]
IBAN = "CH9300762011623852957"


@pytest.fixture
def organization() -> Iterator[Organization]:
    entity = make_legal_entity()
    set_seller_account(legal_entity=entity, currency="CHF", iban=IBAN, bank_name="Bank")
    organization = make_tenant()
    with tenant_scope(organization.pk):
        yield organization


def text_of(pdf: bytes) -> str:
    pages = pypdf.PdfReader(io.BytesIO(pdf)).pages
    return " ".join(" ".join(page.extract_text() for page in pages).split()).replace("\xa0", " ")


def speak(organization: Organization, language: str) -> None:
    Organization.objects.filter(pk=organization.pk).update(language=language)
    organization.refresh_from_db()


def top_up(organization: Organization) -> int:
    """Return the movement of CHF 50.00 that came in."""
    sides = [(AccountKind.PROVIDER, -5000), (AccountKind.PREPAID, 5000)]
    facts: dict[str, Any] = {"reference": "top-up:1", "kind": "top_up", "currency": "CHF", "entries": sides}
    journal = post_journal(organization=organization, at=AT, **facts)
    assert journal is not None
    return int(journal.entries.get(amount__gt=0).pk)


class TestReceipt:
    def test_confirms_what_was_paid_and_how(self, organization: Organization) -> None:
        """BIL-4: of a paid invoice alone, and never in place of it."""
        draft = make_invoice(organization)
        with pytest.raises(NotPaid):
            render_invoice_receipt(invoice=draft, at=AT)
        text = text_of(render_invoice_receipt(invoice=pay_invoice(draft), at=AT))
        for said in ("Receipt", "CH-2026-000001", "November 22, 2026", "Visa •••• 4242", "CHF 108.10"):
            assert said in text

    def test_of_a_top_up_is_found_by_its_movement(self, organization: Organization) -> None:
        """BIL-7: nobody else's, and no other movement."""
        movement = top_up(organization)
        pdf = render_top_up_receipt(organization=organization, movement_id=movement, at=AT)
        assert "CHF 50.00" in text_of(pdf)
        with pytest.raises(NotFound):
            render_top_up_receipt(organization=organization, movement_id=movement + 1, at=AT)
        other = make_tenant()
        with tenant_scope(other.pk), pytest.raises(NotFound):
            render_top_up_receipt(organization=other, movement_id=movement, at=AT)


class TestReminder:
    def test_lists_what_is_due_and_nothing_else(self, organization: Organization) -> None:
        """BIL-2: the oldest first, each with its reference, and their sum."""
        with pytest.raises(NothingDue):
            render_reminder(organization=organization, at=AT)
        late = make_invoice(organization, due_on=AT.date() - timedelta(days=12))
        today = make_invoice(organization, due_on=AT.date())
        make_invoice(organization, [make_line(77700)], due_on=date(2027, 1, 1))
        pay_invoice(make_invoice(organization, [make_line(88800)], due_on=AT.date()))
        text = text_of(render_reminder(organization=organization, at=AT))
        said = (f"Pro forma {late.pk}", "12 days overdue", f"Pro forma {today.pk}", "CHF 216.20")
        assert [text.find(part) for part in said] == sorted(text.find(part) for part in said)
        assert all(part in text for part in (*said, reference_for_invoice(late).printed))
        assert not any(part in text for part in ("839.94", "959.93"))

    def test_writes_each_sum_as_its_total_is_written(self, organization: Organization) -> None:
        """BIL-12: a line over CHF 108.10 and the total of two of them, as Germans write them."""
        organization.language = "de"
        for _each in range(2):
            make_invoice(organization, due_on=AT.date())
        text = text_of(render_reminder(organization=organization, at=AT))
        assert text.count("108,10 CHF") == 2
        assert "216,20 CHF" in text
        assert "CHF 108,10" not in text

    def test_of_one_bill_carries_how_to_pay_it(self, organization: Organization) -> None:
        """BIL-17."""
        make_invoice(organization, due_on=AT.date())
        assert "Payment part" in text_of(render_reminder(organization=organization, at=AT))

    def test_takes_the_same_queries_for_any_number(
        self, organization: Organization, query_count: Callable[[], Any]
    ) -> None:
        """UI-9: sixteen bills cost what two cost."""
        seen = []
        for more in (2, 14):
            for _ in range(more):
                make_invoice(organization, due_on=AT.date())
            with query_count() as counted:
                render_reminder(organization=organization, at=AT)
            seen.append(counted.count)
        assert seen[0] == seen[1]


@pytest.mark.parametrize("language", LANGUAGES)
def test_papers_are_archives_in_every_language(organization: Organization, language: str) -> None:
    """UI-4: PDF/A-3 and PDF/UA, with a title and a language."""
    speak(organization, language)
    make_invoice(organization, due_on=AT.date())
    paid = pay_invoice(make_invoice(organization))
    papers = [
        render_invoice_receipt(invoice=paid, at=AT),
        render_top_up_receipt(organization=organization, movement_id=top_up(organization), at=AT),
        render_reminder(organization=organization, at=AT),
        render_pro_forma(invoice=make_invoice(organization), at=AT),
    ]
    for paper in papers:
        root = pypdf.PdfReader(io.BytesIO(paper)).trailer["/Root"]
        assert root["/Lang"] == language
        packet = root["/Metadata"].get_data().decode()
        assert "<pdfaid:part>3</pdfaid:part>" in packet
        assert "<pdfuaid:part>1</pdfuaid:part>" in packet


class TestRoutes:
    def test_give_files_with_names(self, organization: Organization) -> None:
        """API-1: the page and the operation give the same."""
        browser = client_of(first_representative(organization).user)
        base = f"/o/{organization.pk}/billing"
        with tenant_scope(organization.pk):
            paid, movement = pay_invoice(make_invoice(organization)), top_up(organization)
        assert browser.get(f"{base}/reminder/").status_code == 302
        with tenant_scope(organization.pk):
            draft = make_invoice(organization, due_on=date(2020, 1, 1))
        for path, name in (
            (f"{base}/invoices/{paid.pk}/receipt/", f"receipt-{paid.number}.pdf"),
            (f"{base}/prepaid/receipts/{movement}/", f"receipt-top-up-{movement}.pdf"),
            (f"{base}/reminder/", "reminder.pdf"),
        ):
            answer = browser.get(path)
            assert answer.status_code == 200
            assert answer["Content-Disposition"] == f'attachment; filename="{name}"'
            assert answer.content.startswith(b"%PDF")
        assert browser.get(f"{base}/invoices/{draft.pk}/receipt/").status_code == 409


def picture(mode: str = "RGBA") -> bytes:
    out = io.BytesIO()
    Image.new(mode, (1200, 400), "#2a6f4e").save(out, "PNG")
    return out.getvalue()


class TestLogo:
    def test_stands_at_the_head_until_it_is_removed(self, organization: Organization) -> None:
        """BIL-4: written anew, with the company's name for those who cannot see it."""
        entity = default_entity()
        invoice = make_invoice(organization)
        set_logo(legal_entity=entity, picture=picture())
        [logo] = pypdf.PdfReader(io.BytesIO(render_pro_forma(invoice=invoice, at=AT))).pages[0].images
        assert Image.open(io.BytesIO(logo.data)).size == (462, 154)
        assert remove_logo(legal_entity=entity)
        plain = pypdf.PdfReader(io.BytesIO(render_pro_forma(invoice=invoice, at=AT)))
        assert not plain.pages[0].images
        assert not remove_logo(legal_entity=entity)

    def test_is_a_picture(self, organization: Organization) -> None:
        """INC-29: no drawing with scripts, and nothing that is none."""
        with pytest.raises(ImageRefused):
            set_logo(legal_entity=default_entity(), picture=b"<svg onload='alert(1)'/>")

    def test_is_the_operators_alone(
        self, organization: Organization, as_role: Callable[[str], psycopg.Connection]
    ) -> None:
        """BIL-17: a customer's process cannot turn transfers to another account."""
        for role in ("web", "worker"):
            sql = as_role(role)
            for table in ("billing_selleraccount", "billing_sellerlogo"):
                with pytest.raises(psycopg.errors.InsufficientPrivilege):
                    sql.execute(f"delete from {table}")


def test_companies_beside_each_other_have_their_own_everything(organization: Organization) -> None:
    """BIL-5, BIL-17: series, party, account and reference's kind are the seller's own."""

    def sell() -> tuple[Invoice, str]:
        pro_forma = make_invoice(organization)
        return pay_invoice(make_invoice(organization)), text_of(render_pro_forma(invoice=pro_forma, at=AT))

    first = [sell()]
    LegalEntity.objects.using("system").update(is_default=False)
    german = {"name": "Manager Hosting GmbH", "street": "Hauptstrasse 5", "postal_code": "79098"}
    place = {"city": "Freiburg", "country": "DE", "vat_number": "DE136695976", "number_prefix": "DE"}
    set_up_entity(code="de", **german, **place, is_default=True)
    set_seller_account(
        legal_entity=default_entity(), currency="CHF", iban="DE89370400440532013000", bank_name="Bank"
    )
    second = [sell(), sell()]
    numbers = [invoice.number for invoice, _text in (*first, *second)]
    assert numbers == ["CH-2026-000001", "DE-2026-000001", "DE-2026-000002"]
    assert "CH93 0076" in first[0][1]
    assert "Manager Hosting SA" in first[0][1]
    for invoice, text in second:
        # A Swiss payment part needs a Swiss account; another one is told in words.
        assert "Payment part" not in text
        assert "DE89 3704 0044 0532 0130 00" in text
        assert "Manager Hosting GmbH" in text
        assert "Manager Hosting GmbH" in text_of(bytes(get_document(invoice=invoice, at=AT).content))
