"""The reminder: which bills of an organization are due."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from billing.documents.payment import payment_content
from billing.documents.sheet import day, facts, sheet
from billing.documents.typeset import typeset
from billing.invoices.models import Invoice
from billing.invoices.status import PAYABLE
from billing.profiles.party import Party
from billing.profiles.selectors import default_address
from billing.transfer.models import SellerAccount
from billing.transfer.references import reference_for_invoice
from billing.transfer.selectors import get_seller_account
from manager.kit.clock import day_in
from manager.kit.errors import DomainError
from manager.kit.money import Money
from organizations.profile.models import Organization

TEMPLATE = "reminder.typ"
# What one reminder lists, the oldest first.
MOST = 200


class NothingDue(DomainError):
    """No bill of the organization is due."""

    code = "nothing_due"
    message = gettext_lazy("Nothing is due at present, so there is no reminder.")


def list_due(*, organization: Organization, on: date) -> list[Invoice]:
    """Return the bills whose last day to pay is `on` or before, the oldest first, at most 200."""
    due = Invoice.objects.filter(
        organization_id=organization.pk, status__in=PAYABLE, due_on__lte=on, total_amount__gt=0
    )
    return list(due.select_related("legal_entity", "organization").order_by("due_on", "id")[:MOST])


def render_reminder(*, organization: Organization, at: datetime) -> bytes:
    """Return what is due as PDF, in the organization's language; a single bill with how to transfer it.

    :raises NothingDue: nothing is.
    :raises RenderFailed: it cannot be made now; ask again.
    """
    on = day_in(organization.time_zone, at)
    due = list_due(organization=organization, on=on)
    if not due:
        raise NothingDue
    with translation.override(organization.language):
        content = _content(organization, due, on)
    return typeset(template=TEMPLATE, data=content, at=at)


def _content(organization: Organization, due: Sequence[Invoice], on: date) -> dict[str, Any]:
    # What is owed is listed under the company to which the oldest bill is owed.
    entity = due[0].legal_entity
    content = sheet(
        language=organization.language,
        seller=Party.of_entity(entity),
        buyer=default_address(organization=organization),
        entity=entity,
    )
    names = [_name(invoice) for invoice in due]
    pairs = {(invoice.legal_entity, invoice.currency) for invoice in due}
    accounts = {pair: get_seller_account(legal_entity=pair[0], currency=pair[1]) for pair in pairs}
    content |= {
        "title": _("Reminder of %(date)s") % {"date": day(on)},
        "heading": _("Reminder"),
        "number": ", ".join(names[:3]),
        "notice": _("These bills are due. If you have paid in the meantime, please disregard this reminder."),
        "facts": facts((_("Date"), day(on)), (_("Bills"), str(len(due)))),
        "rows": [
            _row(invoice, name, on, accounts[invoice.legal_entity, invoice.currency])
            for invoice, name in zip(due, names, strict=True)
        ],
        "totals": [_sum(due, currency) for currency in sorted({invoice.currency for invoice in due})],
        "notes": [_("Each bill is paid with its own reference, so that the payment finds it.")],
        "payment": payment_content(due[0], message=names[0]) if len(due) == 1 else None,
    }
    content["labels"] |= {
        "columns": [_("Bill"), _("Date"), _("Pay by"), _("Amount")],
        "total": _("To pay"),
    }
    return content


def _row(invoice: Invoice, name: str, on: date, account: SellerAccount | None) -> dict[str, Any]:
    late = (on - invoice.due_on).days
    hints = [_("due today")]
    if late:
        hints = [ngettext("%(count)s day overdue", "%(count)s days overdue", late) % {"count": late}]
    if account:
        printed = reference_for_invoice(invoice, account=account).printed
        hints.append(_("Reference %(reference)s") % {"reference": printed})
    drawn_up = invoice.issued_on or day_in(invoice.organization.time_zone, invoice.created_at)
    return {
        "name": name,
        "hints": hints,
        "date": day(drawn_up),
        "due": day(invoice.due_on),
        "amount": invoice.total.format(),
    }


def _name(invoice: Invoice) -> str:
    if invoice.number:
        return _("Invoice %(number)s") % {"number": invoice.number}
    return _("Pro forma %(number)s") % {"number": invoice.pk}


def _sum(due: Sequence[Invoice], currency: str) -> str:
    amounts = (invoice.total for invoice in due if invoice.currency == currency)
    return Money.total(amounts, currency).format()
