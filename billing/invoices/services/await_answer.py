"""An invoice waits a moment for what a register says of its VAT number (BIL-6)."""

from datetime import datetime, timedelta

from django.conf import settings
from django.utils.translation import gettext_lazy as _

from billing.invoices.models import Invoice
from billing.invoices.status import InvoiceStatus
from billing.tax.decision import FORM, REVERSE_CHARGE
from manager.kit.errors import DomainError
from organizations.profile.models import VatCheck


class VatNumberBeingChecked(DomainError):
    """A register is just asked whether the number of this invoice is valid; soon that is known, or let be."""

    code = "vat_number_being_checked"
    message = _(
        "We are just asking the register about your VAT number, as the VAT depends on it. "
        "Please try again in a few seconds."
    )


def require_answer(*, invoice: Invoice, at: datetime) -> None:
    """Refuse to take money for a draft whose VAT number is being asked at its register at this moment.

    No longer than `VAT_ANSWER_WAIT_SECONDS` after the question: then the number counts by its form, until
    the register answers (see `decide_tax`).

    :raises VatNumberBeingChecked: the answer is to come; `retry_after` are the seconds left.
    """
    evidence = invoice.tax_evidence
    by_form = invoice.tax_code == REVERSE_CHARGE and evidence.get("vat_number_check") == FORM
    if invoice.status != InvoiceStatus.DRAFT or not by_form:
        return
    wait = timedelta(seconds=settings.VAT_ANSWER_WAIT_SECONDS)
    asked = VatCheck.objects.filter(
        organization_id=invoice.organization_id,
        number=evidence["vat_number"],
        due_at__isnull=False,
        asked_at__gt=at - wait,
    ).first()
    if asked is not None:
        raise VatNumberBeingChecked(retry_after=-(-(asked.asked_at + wait - at) // timedelta(seconds=1)))
