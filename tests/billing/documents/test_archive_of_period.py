"""All documents of a period as one file (BIL-19)."""

import csv
import io
import zipfile
from collections.abc import Iterator

import pytest
from django.test import Client

from accounts.users.models import User
from billing.documents.models import Document
from billing.documents.periodic import drain_documents
from billing.invoices.models import Invoice
from billing.invoices.services import finalize_invoice, void_invoice
from manager.kit.scope import tenant_scope
from organizations.profile.models import Organization
from tests.factories.billing import ACTOR, AT, make_invoice, make_legal_entity, pay_invoice
from tests.factories.cast import client_of, make_person, make_tenant
from tests.factories.tokens import token_client

NOVEMBER = {"first": "2026-11-01", "last": "2026-11-30"}


@pytest.fixture
def owner() -> User:
    return make_person()


@pytest.fixture
def organization(owner: User) -> Iterator[Organization]:
    make_legal_entity()
    organization = make_tenant(owner)
    with tenant_scope(organization.pk):
        yield organization


@pytest.fixture
def browser(owner: User) -> Client:
    return client_of(owner)


def page_of(organization: Organization) -> str:
    return f"/o/{organization.pk}/billing/invoices/period/"


def make_november(organization: Organization) -> list[Invoice]:
    """Return a paid and a void invoice of November; a draft and one of October are not in it."""
    paid = pay_invoice(make_invoice(organization))
    pay_invoice(make_invoice(organization), at=AT.replace(month=10))
    make_invoice(organization)
    voided = finalize_invoice(invoice=make_invoice(organization), actor=ACTOR, at=AT)
    return [paid, void_invoice(invoice=voided, reason="Wrong address", actor=ACTOR, at=AT)]


def test_holds_each_document_of_the_period_and_two_tables(
    organization: Organization, browser: Client
) -> None:
    """BIL-19: PDFs as they were rendered, amounts in the tables; what is not issued is left out."""
    paid, voided = make_november(organization)
    drain_documents(at=AT)
    page = browser.get(page_of(organization), NOVEMBER).content.decode()
    assert "Download as ZIP" in page
    answer = browser.get(f"{page_of(organization)}archive/", NOVEMBER)
    assert answer["Content-Disposition"] == 'attachment; filename="invoices-2026-11-01-2026-11-30.zip"'
    note = voided.credit_notes.get()
    with zipfile.ZipFile(io.BytesIO(answer.getvalue())) as archive:
        assert archive.testzip() is None
        names = {"invoices.csv", "credit-notes.csv", *(f"{one.number}.pdf" for one in (paid, voided, note))}
        assert set(archive.namelist()) == names
        assert archive.read(f"{paid.number}.pdf") == bytes(Document.objects.get(invoice=paid).content)
        rows = list(csv.DictReader(io.StringIO(archive.read("invoices.csv").decode("utf-8-sig"))))
        assert {row["Number"]: row["Total with VAT"] for row in rows}[paid.number or ""] == str(
            paid.total.as_decimal()
        )
        notes = list(csv.DictReader(io.StringIO(archive.read("credit-notes.csv").decode("utf-8-sig"))))
        assert [(row["Invoice"], row["Reason"]) for row in notes] == [(voided.number, "Wrong address")]


def test_waits_with_a_bar_while_documents_are_being_made(organization: Organization, browser: Client) -> None:
    """BIL-19: the page goes on by itself, the file is refused until all is there."""
    make_november(organization)
    page = browser.get(page_of(organization), NOVEMBER).content.decode()
    assert "0 of 3" in page
    assert 'http-equiv="refresh"' in page
    refused = browser.get(f"{page_of(organization)}archive/", NOVEMBER, follow=True)
    assert "still being made" in refused.content.decode()
    drain_documents(at=AT)
    assert 'http-equiv="refresh"' not in browser.get(page_of(organization), NOVEMBER).content.decode()


@pytest.mark.parametrize(
    ("period", "said"),
    [
        ({"first": "2026-11-30", "last": "2026-11-01"}, "before the first one"),
        ({"first": "2020-01-01", "last": "2026-11-01"}, "at most three years"),
        ({"first": "0001-01-01", "last": "0001-01-02"}, "between 2000 and 2999"),
        ({"first": "yesterday"}, "valid date"),
    ],
    ids=["backwards", "too long", "implausible", "no date"],
)
def test_tells_what_is_wrong_with_a_period(
    organization: Organization, browser: Client, period: dict[str, str], said: str
) -> None:
    """BIL-19: beside the field, and the file leads back to it."""
    answer = browser.get(page_of(organization), period)
    assert answer.status_code == 422
    assert said in answer.content.decode()
    led = browser.get(f"{page_of(organization)}archive/", period)
    assert (led.status_code, led["Location"].split("?")[0]) == (302, page_of(organization))


def test_an_empty_period_says_so(organization: Organization, browser: Client) -> None:
    """BIL-19: nothing was issued."""
    assert "No invoice in this period" in browser.get(page_of(organization), NOVEMBER).content.decode()
    assert "No invoice was issued" in (
        browser.get(f"{page_of(organization)}archive/", NOVEMBER, follow=True).content.decode()
    )


def test_holds_nothing_of_another_organization(organization: Organization, browser: Client) -> None:
    """INC-1: the file is read batch by batch after the guard, in the scope of its organization alone."""
    other = make_tenant()
    with tenant_scope(other.pk):
        make_november(other)
        drain_documents(at=AT)
    mine = pay_invoice(make_invoice(organization))
    drain_documents(at=AT)
    answer = browser.get(f"{page_of(organization)}archive/", NOVEMBER)
    with zipfile.ZipFile(io.BytesIO(answer.getvalue())) as archive:
        assert set(archive.namelist()) == {"invoices.csv", "credit-notes.csv", f"{mine.number}.pdf"}


def test_a_script_gets_the_same_file(organization: Organization, owner: User) -> None:
    """API-1: by the operation beside the page, with a code where documents are missing."""
    address = f"/api/1/organizations/{organization.pk}/invoices/archive"
    make_november(organization)
    script = token_client(owner, "billing:read")
    missing = script.get(address, NOVEMBER)
    assert (missing.status_code, missing.json()["error"]["code"]) == (409, "documents_being_made")
    drain_documents(at=AT)
    assert script.get(address, NOVEMBER).getvalue()[:2] == b"PK"
    assert script.get(address, {"first": "2026-11-02", "last": "2026-11-01"}).status_code == 422
    assert script.get(address, {"first": "2025-11-01", "last": "2025-11-02"}).status_code == 404
