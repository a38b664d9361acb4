"""Make the documents that a failure left out."""

import logging
from datetime import datetime

from django.db.models import Exists, OuterRef, Q

from billing.documents.models import Document
from billing.documents.services import CREDIT_NOTE, INVOICE, get_credit_note, get_document
from billing.documents.typeset import RenderFailed
from billing.invoices.models import CreditNote, Invoice
from billing.invoices.status import NUMBERED
from manager.kit.scope import tenant_scope

logger = logging.getLogger(__name__)

BATCH = 500


def drain_documents(*, at: datetime) -> int:
    """Render the documents of numbered invoices and credit notes that have none; return how many.

    One that fails is logged and tried again the next time; the others are made.
    """
    return _make_missing(INVOICE, at) + _make_missing(CREDIT_NOTE, at)


def _make_missing(kind: str, at: datetime) -> int:
    has_document = Exists(Document.objects.using("system").filter(invoice_id=OuterRef("pk"), kind=kind))
    wanted = Q(status__in=NUMBERED)
    if kind == CREDIT_NOTE:
        wanted = Q(Exists(CreditNote.objects.using("system").filter(invoice_id=OuterRef("pk"))))
    missing = Invoice.objects.using("system").filter(wanted, ~has_document).order_by("id")
    make = get_credit_note if kind == CREDIT_NOTE else get_document
    done = 0
    for organization_id, invoice_id in missing.values_list("organization_id", "id")[:BATCH]:
        with tenant_scope(organization_id):
            invoice = Invoice.objects.select_related("organization", "legal_entity").get(
                organization_id=organization_id, pk=invoice_id
            )
            try:
                make(invoice=invoice, at=at)
            except RenderFailed:
                logger.warning("The %s of invoice %s waits for the next round.", kind, invoice_id)
            except Exception:  # one document must not stop the others
                logger.exception("The %s of invoice %s could not be made.", kind, invoice_id)
            else:
                done += 1
    return done
