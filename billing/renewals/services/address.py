"""Fix the billing address that products renew with (BIL-8)."""

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction

from billing.invoices.status import InvoiceStatus
from billing.profiles.models import BillingAddress
from billing.renewals.models import Renewal, RenewalPreference
from billing.renewals.services.take_back import take_back
from billing.renewals.status import OPEN
from manager.kit.actor import Actor
from manager.kit.errors import NotFound
from manager.kit.nudge import nudge
from organizations.audit.services import record_audit
from products.inventory.models import Product


def prefer_address(
    *, products: Sequence[Product], address: BillingAddress | None, actor: Actor, at: datetime
) -> None:
    """Fix the address that `products` of one organization renew with; None goes back to its default.

    A renewal that is planned and not paid is taken back and planned anew, as another address is another
    invoice (BIL-11). Runs outside of a transaction.

    :raises NotFound: the address belongs to another organization.
    :raises PaymentInProgress: the provider carries out a charge at this moment; the choice is kept.
    """
    if any(address is not None and address.organization_id != row.organization_id for row in products):
        raise NotFound
    with transaction.atomic():
        for product in products:
            RenewalPreference.objects.update_or_create(
                organization_id=product.organization_id, product=product, defaults={"address": address}
            )
            record_audit(
                organization_id=product.organization_id,
                name="product.billing_address_chosen",
                actor=actor,
                at=at,
                subject=product,
                address=address.pk if address else None,
            )
    if products:
        _plan_anew(products, actor, at)


def _plan_anew(products: Sequence[Product], actor: Actor, at: datetime) -> None:
    """Take back the drafts of these products; those that were there already with the address come again."""
    organization_id = products[0].organization_id
    planned = Renewal.objects.filter(
        organization_id=organization_id,
        product__in=products,
        status__in=OPEN,
        invoice__status=InvoiceStatus.DRAFT,
    ).select_related("invoice__organization")
    invoices = {renewal.invoice_id: renewal.invoice for renewal in planned}
    for _pk, invoice in sorted(invoices.items()):
        take_back(invoice=invoice, actor=actor, at=at)
    if invoices:
        nudge("renewals")
