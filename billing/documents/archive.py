"""Several documents in one ZIP file (BIL-19)."""

import io
import zipfile
from collections.abc import Sequence
from datetime import datetime

from django.utils.translation import gettext_lazy as _

from billing.documents.services import get_document
from billing.invoices.models import Invoice
from billing.invoices.status import NUMBERED
from manager.kit.errors import DomainError
from organizations.profile.models import Organization

MAX_FILES = 100


class NothingToDownload(DomainError):
    """None of the chosen invoices is issued."""

    code = "nothing_to_download"
    status = 422
    message = _("Select at least one issued invoice. A pro forma can be downloaded on its own page.")


def pack_invoices(*, organization: Organization, invoice_ids: Sequence[int], at: datetime) -> bytes:
    """Return a ZIP of the PDFs of those of the organization's invoices that are issued, at most 100.

    :raises NothingToDownload: none of them is.
    :raises RenderFailed: one cannot be made now.
    """
    invoices = list(
        Invoice.objects.filter(organization_id=organization.pk, pk__in=invoice_ids, status__in=NUMBERED)
        .select_related("organization", "legal_entity")
        .order_by("id")[:MAX_FILES]
    )
    if not invoices:
        raise NothingToDownload
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_STORED) as archive:
        for invoice in invoices:
            archive.writestr(f"{invoice.number}.pdf", bytes(get_document(invoice=invoice, at=at).content))
    return out.getvalue()
