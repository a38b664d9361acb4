"""What unpaid invoices mean for an organization: it cannot be deleted, and keeps its currency."""

from datetime import datetime

from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from billing.invoices.models import Invoice
from billing.invoices.status import PAYABLE
from manager.kit.errors import Text
from organizations.deletion.conditions import Condition


def no_unpaid_invoice(organization_id: int, at: datetime) -> Condition:
    """Return whether every invoice is paid or taken back (ORG-14)."""
    count = Invoice.objects.filter(
        organization_id=organization_id, status__in=PAYABLE, replaced_by=None
    ).count()
    told = ngettext("%(count)d invoice waits for payment.", "%(count)d invoices wait for payment.", count)
    return Condition(
        code="no_unpaid_invoice",
        label=_("No invoice is unpaid"),
        met=count == 0,
        detail=told % {"count": count} if count else _("Everything is paid."),
        url=reverse("billing:to_pay", args=[organization_id]),
        action_label=_("Pay, or cancel"),
    )


def billed_before(organization_id: int) -> Text | None:
    """Return why the currency stays, once anything was billed (ORG-4)."""
    if Invoice.objects.filter(organization_id=organization_id).exists():
        return _("there are invoices in it.")
    return None
