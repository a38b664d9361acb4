"""Take back what nobody can pay any more: renewals of what has ended, or is in redemption (PRD-8, PRD-11)."""

import logging
from datetime import datetime

from django.db.models import Q, QuerySet

from billing.invoices.models import Invoice
from billing.invoices.status import InvoiceStatus
from billing.restores.selectors import ORIGIN
from billing.restores.services.withdraw import withdraw_draft
from manager.kit.actor import Actor
from manager.kit.errors import DomainError
from manager.kit.scope import tenant_scope
from products.inventory.status import ENDED, ProductStatus

logger = logging.getLogger(__name__)

ACTOR = Actor.system("restores")
ORDER = "order"


def drain_unpayable(*, at: datetime) -> int:
    """Withdraw the drafts that cannot be paid any more at their price; return how many.

    One that a person is paying stays until that is settled: the next drain finds it again.
    """
    done = 0
    for pk, owner in list(_find().values_list("pk", "organization_id").order_by("pk").distinct()):
        try:
            with tenant_scope(owner):
                invoice = Invoice.objects.select_related("organization").get(organization_id=owner, pk=pk)
                done += withdraw_draft(invoice=invoice, actor=ACTOR, at=at)
        except DomainError as error:  # it is being paid at this moment: next time
            logger.info("The draft %s stays for now: %s", pk, error)
        except Exception:  # one draft must not stop the others
            logger.exception("The draft %s could not be withdrawn.", pk)
    return done


def _find() -> QuerySet[Invoice]:
    """Return across all tenants the drafts of what has ended; of redemption all but the restore itself."""
    ended = Q(lines__product__status__in=sorted(ENDED))
    redeemed = Q(lines__product__status=ProductStatus.REDEMPTION) & ~Q(origin=ORIGIN)
    drafts = Invoice.objects.using("system").filter(status=InvoiceStatus.DRAFT).exclude(origin=ORDER)
    return drafts.filter(ended | redeemed, lines__counts=True)
