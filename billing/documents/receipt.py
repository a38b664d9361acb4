"""Receipts: that a payment has come in, for an invoice or for the prepaid account."""

from datetime import datetime
from typing import Any

from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from billing.documents.sheet import day, facts, sheet
from billing.documents.typeset import typeset
from billing.invoices.models import Invoice
from billing.invoices.status import InvoiceStatus
from billing.ledger.models import AccountKind, Entry
from billing.profiles.party import Party
from billing.profiles.selectors import default_address, default_entity
from manager.kit.clock import day_in
from manager.kit.errors import DomainError, NotFound
from manager.kit.money import Money
from organizations.profile.models import Organization

TEMPLATE = "receipt.typ"
TOP_UP = "top_up"


class NotPaid(DomainError):
    """Nothing was paid for this invoice, so there is nothing to confirm."""

    code = "invoice_not_paid"
    message = gettext_lazy("This invoice is not paid yet.")


def render_invoice_receipt(*, invoice: Invoice, at: datetime) -> bytes:
    """Return the receipt of a paid invoice as PDF, in the invoice's language.

    :raises NotPaid: it is not paid, or nothing was to be paid.
    :raises RenderFailed: it cannot be made now; ask again.
    """
    if invoice.status != InvoiceStatus.PAID or invoice.paid_at is None or not invoice.total_amount:
        raise NotPaid
    with translation.override(invoice.language):
        content = sheet(
            language=invoice.language,
            seller=Party.from_json(invoice.seller),
            buyer=Party.from_json(invoice.buyer),
            entity=invoice.legal_entity,
        )
        number = str(invoice.number)
        content |= {
            "title": _("Receipt for invoice %(number)s") % {"number": number},
            "number": number,
            "subheading": _("for invoice %(number)s of %(date)s")
            % {"number": number, "date": day(invoice.issued_on)},
            "details": facts(
                (_("What was paid"), _("Invoice %(number)s") % {"number": number}),
                (_("Paid on"), day(day_in(invoice.legal_entity.time_zone, invoice.paid_at))),
                *([(_("Paid with"), invoice.means)] if invoice.paid_with else []),
            ),
            "notes": [_("This receipt confirms the payment. VAT is shown on the invoice.")],
        }
        _finish(content, invoice.total)
    return typeset(template=TEMPLATE, data=content, at=at)


def render_top_up_receipt(*, organization: Organization, movement_id: int, at: datetime) -> bytes:
    """Return the receipt of a top-up as PDF, by its movement on the prepaid account (BIL-7).

    :raises NotFound: the organization has no such movement, or it is no top-up.
    :raises RenderFailed: it cannot be made now; ask again.
    """
    entry = (
        Entry.objects.filter(
            organization_id=organization.pk,
            pk=movement_id,
            amount__gt=0,
            account__kind=AccountKind.PREPAID,
            journal__kind=TOP_UP,
        )
        .select_related("journal")
        .first()
    )
    if entry is None:
        raise NotFound(_("This top-up does not exist."))
    entity = default_entity()
    with translation.override(organization.language):
        content = sheet(
            language=organization.language,
            seller=Party.of_entity(entity),
            buyer=default_address(organization=organization),
            entity=entity,
        )
        content |= {
            "title": _("Receipt for top-up %(number)s") % {"number": entry.pk},
            "number": str(entry.pk),
            "subheading": _("for a top-up of the prepaid account"),
            "details": facts(
                (_("What was paid"), _("Top-up of the prepaid account")),
                (_("Paid on"), day(day_in(entity.time_zone, entry.journal.at))),
                (_("Reference"), str(entry.pk)),
            ),
            "notes": [_("A top-up is no sale: VAT is shown on the invoices that it pays.")],
        }
        _finish(content, Money(entry.amount, entry.journal.currency))
    return typeset(template=TEMPLATE, data=content, at=at)


def _finish(content: dict[str, Any], paid: Money) -> None:
    content |= {"heading": _("Receipt"), "facts": [], "total": paid.format()}
    content["labels"] |= {"buyer": _("Received from"), "total": _("Received")}
