"""Take planned renewals of a product back that is about to leave the organization."""

from datetime import datetime

from django.db import transaction

from billing.invoices.services import cancel_invoice
from billing.invoices.status import InvoiceStatus
from billing.payments.selectors import get_open_attempt
from billing.renewals.models import Renewal, RenewalPreference
from billing.renewals.status import OPEN
from manager.kit.actor import Actor


@transaction.atomic
def withdraw_renewals(*, organization_id: int, product_id: int, actor: Actor, at: datetime) -> int:
    """Cancel the drafts of the product's planned renewals; return how many.

    Others on the same draft are planned anew by `invoice.cancelled`. A draft that somebody is paying at
    this moment stays, and the product cannot go until that is settled.
    """
    renewals = Renewal.objects.filter(
        organization_id=organization_id,
        product_id=product_id,
        status__in=OPEN,
        invoice__status=InvoiceStatus.DRAFT,
    )
    withdrawn = 0
    for renewal in renewals.select_related("invoice"):
        if get_open_attempt(invoice=renewal.invoice) is None:
            cancel_invoice(invoice=renewal.invoice, actor=actor, at=at)
            withdrawn += 1
    return withdrawn


def forget_preference(*, organization_id: int, product_id: int) -> None:
    """Forget what the product was renewed with: it belongs to another organization now."""
    RenewalPreference.objects.filter(organization_id=organization_id, product_id=product_id).delete()
