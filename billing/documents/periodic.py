"""Make the documents that a failure left out."""

import logging
from collections.abc import Callable
from datetime import datetime
from typing import Any

from django.db.models import Exists, OuterRef, QuerySet

from billing.documents.models import Document
from billing.documents.services import INVOICE, get_credit_note, get_document
from billing.documents.typeset import RenderFailed
from billing.invoices.models import CreditNote, Invoice
from billing.invoices.selectors import get_invoice, get_note
from billing.invoices.status import NUMBERED
from manager.kit.scope import tenant_scope
from organizations.profile.models import Organization

logger = logging.getLogger(__name__)

BATCH = 500


def drain_documents(*, at: datetime) -> int:
    """Render the documents of numbered invoices and credit notes that have none; return how many.

    One that fails is logged and tried again the next time; the others are made.
    """
    documents = Document.objects.using("system")
    of_invoice = documents.filter(invoice_id=OuterRef("pk"), kind=INVOICE)
    invoices = Invoice.objects.using("system").filter(~Exists(of_invoice), status__in=NUMBERED)
    of_note = documents.filter(credit_note_id=OuterRef("pk"))
    notes = CreditNote.objects.using("system").filter(~Exists(of_note))
    return _make(invoices, _make_invoice, at) + _make(notes, _make_note, at)


def _make_invoice(organization: Organization, pk: int, at: datetime) -> None:
    get_document(invoice=get_invoice(organization=organization, invoice_id=pk), at=at)


def _make_note(organization: Organization, pk: int, at: datetime) -> None:
    get_credit_note(note=get_note(organization=organization, credit_note_id=pk), at=at)


def _make(missing: QuerySet[Any], make: Callable[[Organization, int, datetime], None], at: datetime) -> int:
    done = 0
    for organization_id, pk in missing.order_by("id").values_list("organization_id", "id")[:BATCH]:
        with tenant_scope(organization_id):
            try:
                make(Organization.objects.get(pk=organization_id), pk, at)
            except RenderFailed:
                logger.warning("The document of %s %s waits for the next round.", missing.model.__name__, pk)
            except Exception:  # one document must not stop the others
                logger.exception("The document of %s %s could not be made.", missing.model.__name__, pk)
            else:
                done += 1
    return done
