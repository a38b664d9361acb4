"""What the file of a period holds: all its documents and two tables (BIL-19)."""

import io
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.db.models import QuerySet
from django.utils import translation
from django.utils.translation import gettext_lazy as _

from billing.documents.models import Document
from billing.invoices.export import invoices_as_csv, notes_as_csv
from billing.invoices.models import CreditNote, Invoice
from billing.invoices.selectors import list_invoices
from billing.invoices.status import NUMBERED
from manager.kit.errors import DomainError, Text
from manager.kit.scope import tenant_scope
from organizations.profile.models import Organization

BATCH = 50
"""How many documents are in memory at once."""


class NothingIssued(DomainError):
    """No document was issued in the period."""

    code = "nothing_issued"
    status = 422
    message = _("No invoice was issued in this period.")


@dataclass(frozen=True, slots=True)
class Period:
    """The documents of `organization` issued from `first` to `last`, both days included."""

    organization: Organization
    first: date
    last: date

    def invoices(self) -> QuerySet[Invoice]:
        """Return the issued invoices, newest first."""
        found = list_invoices(organization=self.organization)
        return found.filter(status__in=NUMBERED, issued_on__range=(self.first, self.last))

    def notes(self) -> QuerySet[CreditNote]:
        """Return the credit notes with their invoices, newest first."""
        notes = CreditNote.objects.filter(organization_id=self.organization.pk)
        found = notes.filter(issued_on__range=(self.first, self.last))
        return found.select_related("invoice").order_by("-id")

    def documents(self) -> QuerySet[Document]:
        """Return what is rendered of them, in the order of making."""
        documents = Document.objects.filter(organization_id=self.organization.pk)
        return (
            documents.filter(credit_note=None, invoice__issued_on__range=(self.first, self.last))
            | documents.filter(credit_note__issued_on__range=(self.first, self.last))
        ).order_by("id")


@dataclass(frozen=True, slots=True)
class Contents:
    """How many documents a period has, and how many of them are rendered."""

    invoices: int
    notes: int
    ready: int

    @property
    def total(self) -> int:
        """Invoices and credit notes together."""
        return self.invoices + self.notes

    @property
    def is_complete(self) -> bool:
        """Whether the file can be had now."""
        return self.ready >= self.total


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A period that people often want."""

    label: Text
    first: date
    last: date

    @property
    def dates(self) -> dict[str, str]:
        """The days as an address and a form take them."""
        return {"first": self.first.isoformat(), "last": self.last.isoformat()}


def suggest_periods(today: date) -> list[Suggestion]:
    """Return this and the last month, this and the last year, as of `today` where the organization is."""
    this_month = today.replace(day=1)
    last_month = (this_month - timedelta(days=1)).replace(day=1)
    return [
        Suggestion(_("This month"), this_month, today),
        Suggestion(_("Last month"), last_month, this_month - timedelta(days=1)),
        Suggestion(_("This year"), today.replace(month=1, day=1), today),
        Suggestion(_("Last year"), date(today.year - 1, 1, 1), date(today.year - 1, 12, 31)),
    ]


def count_contents(period: Period) -> Contents:
    """Return how many documents the period has, and how many of them are rendered."""
    invoices = Invoice.objects.filter(
        organization_id=period.organization.pk,
        status__in=NUMBERED,
        issued_on__range=(period.first, period.last),
    )
    return Contents(invoices.count(), period.notes().count(), period.documents().count())


def write_archive(period: Period, *, language: str) -> Iterator[tuple[bytes, int]]:
    """Return the ZIP file piece by piece, each with how many documents are in it so far.

    A PDF for each document, and two tables in `language`. The period is read batch by batch, each in the
    scope of the organization alone.
    """
    out = _Pieces()
    done = 0
    with zipfile.ZipFile(out, "w", zipfile.ZIP_STORED) as archive:
        for name, content in _files(period, language):
            archive.writestr(name, content)
            done += name.endswith(".pdf")
            yield out.take(), done
    yield out.take(), done


def _files(period: Period, language: str) -> Iterator[tuple[str, bytes]]:
    owner = period.organization.pk
    with tenant_scope(owner), translation.override(language):
        tables = [
            ("invoices.csv", invoices_as_csv(period.invoices())),
            ("credit-notes.csv", notes_as_csv(period.notes())),
        ]
    yield from tables
    last = 0
    while True:
        with tenant_scope(owner):
            documents = period.documents().select_related("invoice", "credit_note")
            batch = list(documents.filter(pk__gt=last)[:BATCH])
        if not batch:
            return
        for document in batch:
            number = document.credit_note.number if document.credit_note else document.invoice.number
            yield f"{number}.pdf", bytes(document.content)
        last = batch[-1].pk


class _Pieces(io.RawIOBase):
    """A file that cannot be gone back in: what was written is taken piece by piece."""

    def __init__(self) -> None:
        self._written: list[bytes] = []

    def writable(self) -> bool:
        return True

    def write(self, data: Any) -> int:
        piece = bytes(data)
        self._written.append(piece)
        return len(piece)

    def take(self) -> bytes:
        """Return what was written since the last time."""
        piece = b"".join(self._written)
        self._written.clear()
        return piece
