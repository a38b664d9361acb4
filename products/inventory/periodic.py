"""The life of products by the calendar: suspended, ended, and the contacts told of it (PRD-8, PRD-11)."""

import logging
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import DateField, F, Func, Q, QuerySet, Value
from django.db.models.expressions import Combinable, CombinedExpression
from django.db.models.functions import Cast

from manager.kit.actor import Actor
from manager.kit.clock import day_in
from manager.kit.scope import tenant_scope
from products.inventory.emails import (
    mail_ended_products,
    mail_redeemable_products,
    mail_suspended_products,
)
from products.inventory.models import Product
from products.inventory.services import enter_redemption, release_product, suspend_product, terminate_product
from products.inventory.status import ENDED, LIVING, TOLD, ProductStatus
from products.inventory.timeline import StepKind, due_step

logger = logging.getLogger(__name__)

BATCH = 500
ACTOR = Actor.system("life")
VERBS: dict[str, Callable[..., Product]] = {
    StepKind.SUSPENSION: suspend_product,
    StepKind.REDEMPTION: enter_redemption,
    StepKind.TERMINATION: terminate_product,
    StepKind.RELEASE: release_product,
}


def drain_life(*, at: datetime) -> int:
    """Take every product one step on whose day has come at `at`, then tell the contacts; return the steps.

    The day is that of the organization's zone. Each product is a transaction of its own under its row's
    lock; one that is locked or fails is found again by the next drain.
    """
    done = 0
    last = 0
    while found := list(_find_due(at).filter(pk__gt=last).values_list("pk", "organization_id")[:BATCH]):
        last = found[-1][0]
        done += sum(advance_product(product_id=pk, organization_id=owner, at=at) for pk, owner in found)
    return done + drain_notices(at=at)


def _find_due(at: datetime) -> QuerySet[Product]:
    """Return across all tenants what is due, by the same days as the timeline has."""
    local = Func(F("organization__time_zone"), Value(at), function="timezone")
    due_after: dict[str, Any] = {
        ProductStatus.ACTIVE: Value(0),
        ProductStatus.SUSPENDED: F("plan__grace_days"),
        ProductStatus.REDEMPTION: CombinedExpression(
            F("plan__grace_days"), Combinable.ADD, F("plan__redemption_days")
        ),
    }
    due = Q()
    for status, days in due_after.items():
        due |= Q(status=status, today__gte=F("expires_on") + days)
    # The first condition is what the index answers: nothing is due before its expiry in any zone.
    living = Product.objects.using("system").filter(
        status__in=sorted(LIVING), expires_on__lte=at.date() + timedelta(days=1)
    )
    return living.annotate(today=Cast(local, DateField())).filter(due).order_by("pk")


def advance_product(*, product_id: int, organization_id: int, at: datetime) -> bool:
    """Take one product its next step, if it is still due once locked; return whether it was taken."""
    try:
        with tenant_scope(organization_id), transaction.atomic():
            product = (
                Product.objects.select_for_update(skip_locked=True, of=("self",))
                .select_related("plan", "organization")
                .filter(pk=product_id, organization_id=organization_id)
                .first()
            )
            step = due_step(product, day_in(product.organization.time_zone, at)) if product else None
            if product is None or step is None:
                return False
            VERBS[step.kind](product=product, actor=ACTOR, at=at)
    except Exception:  # one product that fails must not stop the others
        logger.exception("The product %s could not be taken its next step.", product_id)
        return False
    return True


def drain_notices(*, at: datetime) -> int:
    """Mail the billing contacts what was suspended or ended since they were told; return how much.

    Everything of one organization is one mail per contact and kind, stored together with the mark that
    it was told, so that nothing is told twice and nothing is left out.
    """
    waiting = Product.objects.using("system").filter(status__in=sorted(TOLD)).exclude(told_of=F("status"))
    organizations = sorted(set(waiting.values_list("organization_id", flat=True)))
    return sum(tell_contacts(organization_id=pk, at=at) for pk in organizations)


def tell_contacts(*, organization_id: int, at: datetime) -> int:
    """Tell the billing contacts of one organization; return of how many products."""
    try:
        with tenant_scope(organization_id), transaction.atomic():
            products = list(
                Product.objects.select_for_update(skip_locked=True, of=("self",))
                .select_related("plan", "organization")
                .filter(organization_id=organization_id, status__in=sorted(TOLD))
                .exclude(told_of=F("status"))
                .order_by("expires_on", "id")
            )
            if not products:
                return 0
            by_status = {
                status: [product for product in products if product.status == status] for status in TOLD
            }
            mail_suspended_products(products=by_status[ProductStatus.SUSPENDED], at=at)
            mail_redeemable_products(products=by_status[ProductStatus.REDEMPTION], at=at)
            mail_ended_products(products=[product for product in products if product.status in ENDED], at=at)
            Product.objects.filter(pk__in=[product.pk for product in products]).update(told_of=F("status"))
        return len(products)
    except Exception:  # one organization that fails must not stop the others
        logger.exception("The contacts of organization %s could not be told.", organization_id)
        return 0
