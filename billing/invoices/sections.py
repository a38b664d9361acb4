"""The newest invoices of a product on its page, for those who see the billing (BIL-1)."""

from typing import Any

from django.db.models import OuterRef
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext_lazy as _

from billing.invoices.models import Invoice, InvoiceLine
from billing.invoices.selectors import awaits_transfer
from billing.invoices.status import InvoiceStatus
from manager.kit.clock import day_in
from organizations.access.roles import Permission
from products.inventory.sections import Section, Visit, register_section

SHOWN = 5


def build_invoices(visit: Visit) -> dict[str, Any] | None:
    """Return the newest documents that a line of names the product; None where there is none to see.

    Drafts that were given up are left out: the history has them.
    """
    if Permission.BILLING_VIEW not in visit.request.can:
        return None
    organization, product = visit.request.organization, visit.product
    lines = InvoiceLine.objects.filter(organization_id=organization.pk, product_id=product.pk)
    found = Invoice.objects.filter(organization_id=organization.pk, pk__in=lines.values("invoice_id"))
    announced = awaits_transfer(OuterRef("pk"), organization_id=organization.pk)
    kept = found.exclude(status=InvoiceStatus.CANCELLED).annotate(awaits_transfer=announced)
    invoices = list(kept.order_by("-pk")[: SHOWN + 1])
    if not invoices:
        return None
    history = reverse("billing:invoices", args=[organization.pk])
    return {
        "invoices": invoices[:SHOWN],
        "has_more": len(invoices) > SHOWN,
        "history_url": f"{history}?{urlencode({'q': product.name})}",
        "today": day_in(organization.time_zone, visit.request.at),
    }


register_section(
    Section(
        "billing/invoices/section.html", build_invoices, position=90, anchor="invoices", title=_("Invoices")
    )
)
