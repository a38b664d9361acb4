"""All documents of a period as one file, made by a worker (BIL-19)."""

import csv
import io
import zipfile
from collections.abc import Iterator
from datetime import timedelta

import pytest
from django.test import Client

from accounts.users.models import User
from billing.archives import services
from billing.archives.models import ArchivePart, PeriodArchive
from billing.archives.periodic import drain_archives
from billing.documents.models import Document
from billing.invoices.models import Invoice
from billing.invoices.services import finalize_invoice, void_invoice
from manager.kit.clock import now
from manager.kit.scope import tenant_scope
from manager.outbox.models import OutgoingMail
from manager.outbox.relay import drain_outbox
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


def content_of(answer: object) -> zipfile.ZipFile:
    return zipfile.ZipFile(io.BytesIO(answer.getvalue()))  # type: ignore[attr-defined]


def test_a_worker_makes_a_file_with_each_document_and_two_tables(
    organization: Organization, browser: Client
) -> None:
    """BIL-19: asked for, made while the page waits with a bar, taken; documents are rendered for it."""
    paid, voided = make_november(organization)
    asked = browser.post(page_of(organization), NOVEMBER)
    waiting = browser.get(asked["Location"]).content.decode()
    assert "0 of 3" in waiting
    assert 'hx-trigger="every 2s"' in waiting
    assert browser.get(f"{asked['Location']}file/").status_code == 404
    assert drain_archives(at=now()) == 1
    ready = browser.get(asked["Location"]).content.decode()
    assert "3 documents" in ready
    assert "every 2s" not in ready
    answer = browser.get(f"{asked['Location']}file/")
    assert answer["Content-Disposition"] == 'attachment; filename="invoices-2026-11-01-2026-11-30.zip"'
    note = voided.credit_notes.get()
    content = answer.getvalue()
    assert int(answer["Content-Length"]) == len(content)
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
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


def test_asking_again_gives_the_same_file_until_something_is_added(
    organization: Organization, browser: Client
) -> None:
    """BIL-19: pressed twice, one file."""
    make_november(organization)
    first = browser.post(page_of(organization), NOVEMBER)["Location"]
    assert browser.post(page_of(organization), NOVEMBER)["Location"] == first
    drain_archives(at=now())
    assert browser.post(page_of(organization), NOVEMBER)["Location"] == first
    pay_invoice(make_invoice(organization))
    assert browser.post(page_of(organization), NOVEMBER)["Location"] != first


def test_is_made_by_one_worker_and_begun_anew_after_a_killed_one(
    organization: Organization, browser: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    """BIL-16: in parts, under a lease; what was left half is not in the file."""
    make_november(organization)
    browser.post(page_of(organization), NOVEMBER)
    monkeypatch.setattr(services, "PART_SIZE", 10_000)
    row = PeriodArchive.objects.get()
    PeriodArchive.objects.update(fence=1, lease_until=now() + timedelta(minutes=1))
    ArchivePart.objects.create(organization=organization, archive=row, position=0, content=b"half")
    assert drain_archives(at=now()) == 0  # under the lease of another one
    assert drain_archives(at=now() + timedelta(minutes=2)) == 1
    assert row.parts.count() > 1
    with content_of(browser.get(f"{page_of(organization)}{row.pk}/file/")) as archive:
        assert archive.testzip() is None


def test_goes_after_seven_days(organization: Organization, browser: Client) -> None:
    """BIL-19: a copy is not kept for ever."""
    make_november(organization)
    address = browser.post(page_of(organization), NOVEMBER)["Location"]
    drain_archives(at=now())
    drain_archives(at=now() + timedelta(days=8))
    assert browser.get(address).status_code == 404
    assert not ArchivePart.objects.exists()


def test_a_large_file_is_told_by_mail(
    organization: Organization, browser: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    """BIL-19: once, to who asked for it."""
    make_november(organization)
    monkeypatch.setattr(services, "LARGE", 3)
    browser.post(page_of(organization), NOVEMBER)
    drain_archives(at=now())
    while drain_outbox(at=now()):
        pass
    told = OutgoingMail.objects.filter(template="period_archive_ready")
    assert [mail.recipient for mail in told] == [make_owner_mail(organization)]


def make_owner_mail(organization: Organization) -> str:
    """Return the address of who asked."""
    asked_by = PeriodArchive.objects.get(organization=organization).asked_by
    return User.objects.get(pk=asked_by).email


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
    """BIL-19: beside the field, looked at and asked for."""
    for answer in (browser.get(page_of(organization), period), browser.post(page_of(organization), period)):
        assert answer.status_code == 422
        assert said in answer.content.decode()


def test_an_empty_period_says_so(organization: Organization, browser: Client) -> None:
    """BIL-19: nothing was issued."""
    assert "No invoice in this period" in browser.get(page_of(organization), NOVEMBER).content.decode()
    answer = browser.post(page_of(organization), NOVEMBER)
    assert (answer.status_code, "No invoice was issued" in answer.content.decode()) == (422, True)


def test_holds_nothing_of_another_organization(organization: Organization, browser: Client) -> None:
    """INC-1: the file is read in the scope of its organization alone, and nobody else's can be taken."""
    other = make_tenant()
    with tenant_scope(other.pk):
        make_november(other)
    mine = pay_invoice(make_invoice(organization))
    address = browser.post(page_of(organization), NOVEMBER)["Location"]
    drain_archives(at=now())
    with content_of(browser.get(f"{address}file/")) as archive:
        assert set(archive.namelist()) == {"invoices.csv", "credit-notes.csv", f"{mine.number}.pdf"}
    stranger = client_of(make_person())
    assert stranger.get(f"{address}file/").status_code == 404


def test_a_script_asks_waits_and_takes_the_file(organization: Organization, owner: User) -> None:
    """API-1: a task with its own address."""
    address = f"/api/1/organizations/{organization.pk}/invoice-archives"
    make_november(organization)
    script = token_client(owner, "billing:read")
    asked = script.post(address, NOVEMBER, content_type="application/json")
    assert (asked.status_code, asked.json()["data"]["task"]["progress"]["total"]) == (202, 3)
    row = script.get(asked.json()["data"]["task"]["address"]).json()["data"]
    assert (row["is_ready"], row["total"]) == (False, 3)
    assert script.get(f"{address}/{row['id']}/file").status_code == 404
    drain_archives(at=now())
    assert script.get(f"{address}/{row['id']}").json()["data"]["is_ready"] is True
    assert [one["id"] for one in script.get(address).json()["data"]] == [row["id"]]
    assert script.get(f"{address}/{row['id']}/file").getvalue()[:2] == b"PK"
    backwards = {"first": "2026-11-02", "last": "2026-11-01"}
    assert script.post(address, backwards, content_type="application/json").status_code == 422
    old = {"first": "2025-11-01", "last": "2025-11-02"}
    assert script.post(address, old, content_type="application/json").status_code == 422
