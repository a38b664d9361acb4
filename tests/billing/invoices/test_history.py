"""The invoice history, an invoice's page, and their twins of the API (BIL-4, BIL-19)."""

import csv
import io
import re
import zipfile
from collections.abc import Callable, Iterator
from datetime import UTC, datetime

import pytest
from django.urls import reverse

from accounts.users.models import User
from billing.invoices.models import CreditNote, Invoice
from billing.invoices.services import cancel_invoice, finalize_invoice, void_invoice
from billing.invoices.status import InvoiceStatus
from billing.profiles.party import Party
from manager.kit.scope import tenant_scope
from organizations.profile.models import Organization
from tests.factories.billing import ACTOR, AT, make_invoice, make_legal_entity, make_line, pay_invoice
from tests.factories.cast import client_of, make_member, make_person, make_tenant


@pytest.fixture
def owner() -> User:
    return make_person()


@pytest.fixture
def organization(owner: User) -> Iterator[Organization]:
    make_legal_entity()
    organization = make_tenant(owner)
    with tenant_scope(organization.pk):
        yield organization


def url(organization: Organization, tail: str = "") -> str:
    return f"/o/{organization.pk}/billing/invoices/{tail}"


class TestHistory:
    def test_says_what_to_do_when_it_is_empty(self, organization: Organization, owner: User) -> None:
        """UI-2."""
        page = client_of(owner).get(url(organization))
        assert page.status_code == 200
        assert "No invoices yet" in page.content.decode()

    def test_filters_by_status_year_and_words(self, organization: Organization, owner: User) -> None:
        """BIL-19, UI-2."""
        paid = pay_invoice(make_invoice(organization, [make_line(description="Domain alpha.ch")]))
        last_year = datetime(2025, 5, 5, tzinfo=UTC)
        pay_invoice(make_invoice(organization, [make_line(description="Beta")], at=last_year), at=last_year)
        draft = make_invoice(organization, [make_line(description="Gamma")])
        client = client_of(owner)

        def found(query: str) -> list[int]:
            return [row.pk for row in client.get(url(organization) + query).context["page"].rows]

        assert len(found("")) == 3
        assert found("?status=to_pay") == [draft.pk]
        assert found("?q=alpha") == [paid.pk]
        Invoice.objects.filter(pk=draft.pk).update(purchase_order="PO-77")
        assert found("?q=po-77") == [draft.pk]
        assert found(f"?q={paid.number}") == [paid.pk]
        assert found("?year=2026&status=paid") == [paid.pk]
        assert found("?year=1999") == []
        assert found("?status=nonsense&year=abcd") == found("")

    def test_filters_by_days_and_amounts_and_shows_credit_notes(
        self, organization: Organization, owner: User
    ) -> None:
        """BIL-19: both ends included; credit notes as a table and as a file, by the same filter."""
        small = pay_invoice(make_invoice(organization, [make_line(1_000)]))
        large = finalize_invoice(invoice=make_invoice(organization, [make_line(50_000)]), actor=ACTOR, at=AT)
        void_invoice(invoice=large, reason="Wrong address", actor=ACTOR, at=AT)
        client = client_of(owner)

        def found(query: str) -> list[object]:
            return [row.pk for row in client.get(url(organization) + query).context["page"].rows]

        assert found("?least=10.81&most=10.81") == [small.pk]
        assert found("?least=10.82") == [large.pk]
        day = AT.date().isoformat()
        assert len(found(f"?since={day}&until={day}")) == 2
        assert found("?since=2026-11-23") == []
        note = large.credit_notes.get()
        shown = client.get(url(organization) + "?status=credit_notes&q=address").content.decode()
        assert note.number in shown
        table = client.get(url(organization, "export/") + "?status=credit_notes").content.decode("utf-8-sig")
        assert [row["Number"] for row in csv.DictReader(io.StringIO(table))] == [note.number]
        assert found("?status=credit_notes&most=1") == []
        for odd in ("least=NaN", "most=Infinity", "least=1e999", "since=0000-00-00", "most=%00"):
            assert client.get(f"{url(organization)}?{odd}").status_code == 200

    def test_leads_what_is_chosen_to_its_payment(self, organization: Organization, owner: User) -> None:
        """BIL-2: several drafts are paid with one invoice; what is paid already is left out."""
        drafts = [make_invoice(organization).pk for _ in range(2)]
        paid = pay_invoice(make_invoice(organization))
        chosen = {"selected": [*drafts, paid.pk], "do": "update"}
        client = client_of(owner)
        led = client.post(reverse("billing:to_pay_select", args=[organization.pk]), chosen)
        assert "2 selected" in client.get(led["Location"]).content.decode()

    def test_pages_by_key_both_ways(self, organization: Organization, owner: User) -> None:
        """UI-2: 25 on a page, each once."""
        for _ in range(30):
            make_invoice(organization)
        client = client_of(owner)
        first = client.get(url(organization)).context["page"]
        second = client.get(url(organization), {"after": first.next}).context["page"]
        assert (len(first.rows), len(second.rows), second.next) == (25, 5, "")
        assert not {row.pk for row in first.rows} & {row.pk for row in second.rows}
        again = client.get(url(organization), {"before": second.previous}).context["page"]
        assert [row.pk for row in again.rows] == [row.pk for row in first.rows]

    def test_asks_the_database_as_often_for_25_as_for_1(
        self, organization: Organization, owner: User, query_count: Callable[[], object]
    ) -> None:
        """Any list page: a constant number of queries."""
        client = client_of(owner)
        make_invoice(organization)
        client.get(url(organization))
        with query_count() as one:  # type: ignore[attr-defined]
            client.get(url(organization))
        for _ in range(24):
            make_invoice(organization, [make_line(), make_line()])
        with query_count() as many:  # type: ignore[attr-defined]
            client.get(url(organization))
        assert many.count == one.count

    def test_refuses_a_cursor_that_was_made_up(self, organization: Organization, owner: User) -> None:
        """Bad input is a 4xx."""
        assert client_of(owner).get(url(organization), {"after": "nonsense"}).status_code == 400

    @pytest.mark.parametrize(
        "query", ["q=%00%01", "q=" + "x" * 5000, "year=99999999999999999999", "status=%27--"]
    )
    def test_survives_any_filter(self, organization: Organization, owner: User, query: str) -> None:
        """Bad input is never a 500."""
        assert client_of(owner).get(f"{url(organization)}?{query}").status_code == 200


class TestExport:
    def test_gives_a_table_without_formulas(self, organization: Organization, owner: User) -> None:
        """INC-31, BIL-19."""
        evil = Party(
            name='=HYPERLINK("http://evil")', kind="company", street="", postal_code="", city="", country="CH"
        )
        pay_invoice(make_invoice(organization, [make_line(description="@SUM(A1)")], address=evil))
        answer = client_of(owner).get(url(organization, "export/"))
        assert answer["Content-Type"].startswith("text/csv")
        rows = list(csv.DictReader(io.StringIO(answer.content.decode("utf-8-sig"))))
        assert rows[0]["Billed to"] == '\'=HYPERLINK("http://evil")'
        assert rows[0]["Content"] == "'@SUM(A1)"
        assert rows[0]["Total with VAT"] == "108.10"


class TestFiles:
    def test_packs_the_selected_ones(self, organization: Organization, owner: User) -> None:
        """BIL-19: drafts and foreign ones are left out."""
        chosen = [pay_invoice(make_invoice(organization)) for _ in range(2)]
        draft = make_invoice(organization)
        other = make_tenant()
        with tenant_scope(other.pk):
            foreign = pay_invoice(make_invoice(other))
        selected = [*(each.pk for each in chosen), draft.pk, foreign.pk, "x", "9" * 30]
        answer = client_of(owner).post(url(organization, "download/"), {"selected": selected})
        names = zipfile.ZipFile(io.BytesIO(answer.content)).namelist()
        assert names == [f"{each.number}.pdf" for each in chosen]

    def test_says_when_nothing_can_be_packed(self, organization: Organization, owner: User) -> None:
        """UI-2."""
        draft = make_invoice(organization)
        answer = client_of(owner).post(url(organization, "download/"), {"selected": [draft.pk]}, follow=True)
        assert "Select at least one issued invoice" in answer.content.decode()

    def test_gives_the_pdf_or_the_pro_forma(self, organization: Organization, owner: User) -> None:
        """BIL-4."""
        paid, draft = pay_invoice(make_invoice(organization)), make_invoice(organization)
        client = client_of(owner)
        for invoice, name in ((paid, f"{paid.number}.pdf"), (draft, f"pro-forma-{draft.pk}.pdf")):
            answer = client.get(url(organization, f"{invoice.pk}/pdf/"))
            assert answer.content.startswith(b"%PDF")
            assert name in answer["Content-Disposition"]

    def test_has_none_of_a_cancelled_one(self, organization: Organization, owner: User) -> None:
        """PRD-4."""
        cancelled = cancel_invoice(invoice=make_invoice(organization), actor=ACTOR, at=AT)
        assert client_of(owner).get(url(organization, f"{cancelled.pk}/pdf/")).status_code == 404


class TestInvoicePage:
    def test_shows_lines_and_why_the_vat(self, organization: Organization, owner: User) -> None:
        """BIL-6."""
        german = Party(
            name="Grün GmbH",
            kind="company",
            street="Allee 1",
            postal_code="10115",
            city="Berlin",
            country="DE",
            vat_number="DE136695976",
        )
        invoice = make_invoice(organization, [make_line(description="<b>Hosting</b>")], address=german)
        page = client_of(owner).get(url(organization, f"{invoice.pk}/")).content.decode()
        for expected in (
            "&lt;b&gt;Hosting",
            "Grün GmbH",
            "Reverse charge",
            "DE136695976",
            "This is a pro forma",
        ):
            assert expected in page

    def test_lets_billing_members_pay_and_cancel(self, organization: Organization, owner: User) -> None:
        """PRD-4."""
        invoice = make_invoice(organization)
        client = client_of(owner)
        page = client.get(url(organization, f"{invoice.pk}/")).content.decode()
        assert url(organization, f"{invoice.pk}/pay/") in page
        assert client.get(url(organization, f"{invoice.pk}/cancel/")).status_code == 200
        assert client.post(url(organization, f"{invoice.pk}/cancel/")).status_code == 302
        invoice.refresh_from_db()
        assert invoice.status == InvoiceStatus.CANCELLED
        assert client.post(url(organization, f"{invoice.pk}/cancel/")).status_code == 409

    def test_voids_with_a_reason_only(self, organization: Organization, owner: User) -> None:
        """BIL-5."""
        issued = finalize_invoice(invoice=make_invoice(organization), actor=ACTOR, at=AT)
        client = client_of(owner)
        address = url(organization, f"{issued.pk}/void/")
        assert client.post(address, {"reason": ""}).status_code == 422
        assert client.post(address, {"reason": "Mistake"}).status_code == 302
        note = CreditNote.objects.get(invoice=issued)
        address = reverse("billing:credit_note_pdf", args=[organization.pk, note.pk])
        assert address in client.get(url(organization, f"{issued.pk}/")).text
        assert client.get(address).content.startswith(b"%PDF")

    def test_hides_everything_from_others(self, organization: Organization) -> None:
        """ORG-17: strangers find nothing, members without billing are refused."""
        invoice = pay_invoice(make_invoice(organization))
        stranger = make_person("Stranger Else")
        make_tenant(stranger)
        member = make_member(organization)
        tails = ["", "export/", f"{invoice.pk}/", f"{invoice.pk}/pdf/", f"{invoice.pk}/cancel/"]
        for tail in tails:
            assert client_of(stranger).get(url(organization, tail)).status_code == 404
            assert client_of(member).get(url(organization, tail)).status_code == 403

    def test_shows_no_invoice_of_another_organization(self, owner: User, organization: Organization) -> None:
        """INC-1: a foreign id in one's own organization."""
        other = make_tenant()
        foreign = pay_invoice(make_invoice(other))
        client = client_of(owner)
        for tail in (f"{foreign.pk}/", f"{foreign.pk}/pdf/", f"{foreign.pk}/cancel/", f"{foreign.pk}/void/"):
            assert client.get(url(organization, tail)).status_code == 404
        assert Invoice.objects.using("system").get(pk=foreign.pk).status == InvoiceStatus.PAID


def test_templates_have_no_inline_style(organization: Organization, owner: User) -> None:
    """The content security policy allows none."""
    invoice = make_invoice(organization)
    client = client_of(owner)
    for tail in ("", f"{invoice.pk}/"):
        page = client.get(url(organization, tail)).content.decode()
        assert not re.search(r"<[^>]+\s(style|on\w+)=", page)
