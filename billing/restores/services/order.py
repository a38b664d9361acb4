"""Order the restore of a domain in redemption: an invoice over its fee and its renewal (PRD-11)."""

from datetime import datetime

from django.db import transaction

from billing.invoices.models import Invoice
from billing.invoices.services import cancel_invoice, draft_invoice, settle_free
from billing.payments.errors import PaymentInProgress
from billing.payments.selectors import get_open_attempt
from billing.profiles.selectors import common_address
from billing.restores.selectors import ORIGIN, find_restore_invoice, offer_restore
from manager.kit.actor import Actor
from manager.kit.clock import day_in
from manager.outbox.publish import publish
from organizations.audit.services import record_audit
from products.inventory.models import Product
from products.inventory.services.steps import lock_product


@transaction.atomic
def order_restore(*, product: Product, months: int | None = None, actor: Actor, at: datetime) -> Invoice:
    """Return the draft over restoring `product` and renewing it by `months`; paid, it runs again.

    Asked again for the same period, it is the same draft; for another period the former one is cancelled.
    Publishes `restore.ordered`.

    :raises RestoreRefused: it is not in redemption, or is not sold for `months`.
    :raises FeeUnknown: the catalogue has no fee for it.
    :raises PaymentInProgress: the former draft is being paid at this moment.
    """
    product = lock_product(product)
    organization = product.organization
    today = day_in(organization.time_zone, at)
    offer = offer_restore(product=product, today=today, months=months)
    key = f"{ORIGIN}:{product.pk}:{product.expires_on}:{offer.months}"
    former = find_restore_invoice(product=product)
    if former is not None:
        if former.origin_key == key:
            return former
        if get_open_attempt(invoice=former) is not None:
            raise PaymentInProgress
        cancel_invoice(invoice=former, actor=actor, at=at)
    invoice = draft_invoice(
        organization=organization,
        lines=list(offer.lines),
        address=common_address(organization=organization, product_ids=[product.pk]),
        origin=ORIGIN,
        origin_key=key,
        due_on=product.released_on() or today,
        actor=actor,
        at=at,
    )
    record_audit(
        organization_id=organization.pk,
        name="product.restore_ordered",
        actor=actor,
        at=at,
        subject=product,
        invoice=invoice.pk,
    )
    publish(
        "restore.ordered",
        organization_id=organization.pk,
        payload={"product": product.pk, "invoice": invoice.pk},
        at=at,
    )
    return settle_free(invoice=invoice, actor=actor, at=at)
