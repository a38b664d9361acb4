"""Ask for products to be terminated; nothing happens to them before it is confirmed (PRD-9)."""

from collections.abc import Collection, Sequence
from datetime import datetime, timedelta

from django.db import transaction

from manager.kit.actor import Actor
from manager.outbox.publish import publish
from organizations.audit.services import record_audit
from organizations.profile.models import Organization
from products.inventory.models import Product
from products.inventory.status import LIVING
from products.termination.errors import AskedAlready, NothingToTerminate, NotTerminable
from products.termination.models import TerminatedProduct, Termination
from products.termination.secrets import seal
from products.termination.selectors import MOST

VALID_FOR = timedelta(days=3)


@transaction.atomic
def ask_termination(
    *,
    organization: Organization,
    product_ids: Collection[int],
    reason: str,
    comment: str = "",
    user_id: int,
    actor: Actor,
    at: datetime,
) -> Termination:
    """Note the wish to terminate these products, and nothing else: they run on until it is confirmed.

    The person is mailed the link that confirms it within three days. Publishes `termination.asked`.

    :raises NothingToTerminate: none is named, or more than 100.
    :raises NotTerminable: one of them is not the organization's, or can not be ended now.
    :raises AskedAlready: one of them stands in a wish that waits already.
    """
    wanted = set(product_ids)
    if not wanted or len(wanted) > MOST:
        raise NothingToTerminate
    products = _lock(organization, wanted)
    open_ones = TerminatedProduct.objects.filter(
        organization_id=organization.pk, product__in=products, is_open=True
    )
    if open_ones.exists():
        raise AskedAlready
    termination = Termination(
        organization_id=organization.pk,
        reason=reason,
        comment=comment,
        asked_by_id=user_id,
        created_at=at,
        expires_at=at + VALID_FOR,
    )
    seal(termination)
    termination.save()
    TerminatedProduct.objects.bulk_create(
        TerminatedProduct(
            organization_id=organization.pk,
            termination=termination,
            product=product,
            product_name=product.name,
        )
        for product in products
    )
    record_audit(
        organization_id=organization.pk,
        name="termination.asked",
        actor=actor,
        at=at,
        subject=termination,
        products=[product.name for product in products],
        reason=reason,
    )
    publish(
        "termination.asked",
        organization_id=organization.pk,
        payload={"termination": termination.pk},
        at=at,
    )
    return termination


def _lock(organization: Organization, wanted: set[int]) -> Sequence[Product]:
    products = list(
        Product.objects.select_for_update()
        .filter(organization_id=organization.pk, pk__in=wanted, status__in=LIVING)
        .order_by("pk")
    )
    if len(products) != len(wanted):
        raise NotTerminable
    return products
