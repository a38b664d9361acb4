"""Renew a domain at the operator's risk, as its owner did not in time (PRD-12)."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from manager.kit.actor import Actor
from manager.kit.errors import DomainError, NotFound
from manager.outbox.publish import publish
from products.inventory.models import Product
from products.warranty.models import WarrantyCase
from products.warranty.renewing import get_renewer
from products.warranty.services.close import close_case
from products.warranty.status import CaseStatus


class CaseClosed(DomainError):
    """The domain was renewed, or has ended."""

    code = "warranty_case_closed"
    message = _("This case is closed already.")


def renew_at_risk(*, case: WarrantyCase, actor: Actor, at: datetime) -> WarrantyCase:
    """Renew the case's product now; its owner gets the invoice. Publishes `warranty.renewed`.

    Runs outside of a transaction, as a payment under way is closed at the provider first. After a crash
    between the renewal and the end of the case, the next drain closes the case.

    :raises CaseClosed: it is not open.
    :raises NotFound: the product went to another organization.
    :raises DomainError: it cannot be renewed now; the message says why.
    """
    if case.status != CaseStatus.OPEN:
        raise CaseClosed
    product = (
        Product.objects.select_related("plan", "organization")
        .filter(organization_id=case.organization_id, pk=case.product_id)
        .first()
    )
    if product is None:
        raise NotFound
    if product.expires_on != case.expired_on:
        raise CaseClosed
    get_renewer()(product, actor, at)
    with transaction.atomic():
        closed = close_case(case=case, status=CaseStatus.RENEWED, actor=actor, at=at)
        publish(
            "warranty.renewed",
            organization_id=case.organization_id,
            payload={"case": case.pk, "product": product.pk},
            at=at,
        )
    return closed
