"""What is paid and was refused by its product is tried again by itself (PRD-7)."""

import logging
from datetime import datetime

from billing.invoices.models import Invoice, UnfulfilledLine
from billing.invoices.services.retry import retry_fulfilment
from manager.kit.actor import Actor
from manager.kit.due import is_due
from manager.kit.scope import tenant_scope

logger = logging.getLogger(__name__)

ACTOR = Actor.system("fulfilment")
BATCH = 100


def drain_unfulfilled(*, at: datetime) -> int:
    """Try the lines due at `at` again, oldest first; return how many invoices were tried."""
    due = UnfulfilledLine.objects.using("system").filter(is_due("due_at", at), line__fulfilled_at=None)
    rows = due.order_by("due_at", "pk").values_list("line__invoice_id", "organization_id")[:BATCH]
    done = 0
    for invoice_id, owner in dict.fromkeys(rows):
        try:
            with tenant_scope(owner):
                invoice = Invoice.objects.get(organization_id=owner, pk=invoice_id)
                retry_fulfilment(invoice=invoice, actor=ACTOR, at=at)
                done += 1
        except Exception:  # one invoice must not stop the others
            logger.exception("Invoice %s could not be fulfilled.", invoice_id)
    return done
