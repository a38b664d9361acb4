"""What the invoice of a change of the offer has set off, and by which of its lines (PRD-14, BIL-14)."""

from typing import Any

from billing.changes.models import ChangeQuote
from billing.invoices.models import InvoiceLine


def list_set_off(*, change: ChangeQuote) -> list[tuple[dict[str, Any], int]]:
    """Return each row that `change` sets off with the id of the line below zero that does it on its invoice.

    0 where the invoice has no such line.
    """
    if change.invoice_id is None:
        return [(row, 0) for row in change.set_off]
    below = InvoiceLine.objects.filter(
        organization_id=change.organization_id,
        invoice_id=change.invoice_id,
        product_id=change.product_id,
        unit_amount__lt=0,
    )
    waiting = list(below.order_by("position").values_list("pk", "component", "net_amount", "tax_amount"))
    found = []
    for row in change.set_off:
        told = (row["component"], -row["net"], -row["tax"])
        line = next((one for one in waiting if one[1:] == told), None)
        if line is not None:
            waiting.remove(line)
        found.append((row, line[0] if line is not None else 0))
    return found
