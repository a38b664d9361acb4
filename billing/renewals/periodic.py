"""The renewal engine's drains: find what is due across tenants, then work organization by organization."""

import logging
from datetime import datetime, timedelta

from billing.invoices.models import Invoice
from billing.invoices.status import PAYABLE
from billing.renewals.models import Renewal
from billing.renewals.rules import FIRST_CHARGE_DAYS
from billing.renewals.services import charge_renewals, plan_renewals
from billing.renewals.services.release import release_blocking_drafts
from billing.renewals.status import OPEN
from manager.kit.actor import Actor
from manager.kit.clock import day_in
from manager.kit.scope import tenant_scope
from organizations.profile.models import Organization
from products.inventory.models import Product
from products.inventory.status import RENEWABLE

logger = logging.getLogger(__name__)

ACTOR = Actor.system("renewals")
# Zones are up to 14 hours ahead of UTC: tomorrow's date there may be due already.
AHEAD = timedelta(days=1)


def drain_renewals(*, at: datetime) -> int:
    """Plan and charge every renewal due at `at`; return how many invoices were planned or charged (BIL-11)."""
    return _plan(at) + _charge(at)


def _plan(at: datetime) -> int:
    until = at.date() + timedelta(days=FIRST_CHARGE_DAYS) + AHEAD
    due = Product.objects.using("system").filter(auto_renew=True, status__in=RENEWABLE, expires_on__lte=until)
    planned = 0
    for organization_id in due.order_by("organization_id").values_list("organization_id", flat=True).distinct():
        try:
            with tenant_scope(organization_id):
                organization = Organization.objects.get(pk=organization_id)
                release_blocking_drafts(organization=organization, actor=ACTOR, at=at)
                planned += len(plan_renewals(organization=organization, actor=ACTOR, at=at))
        except Exception:  # one organization must not stop the others
            logger.exception("The renewals of organization %s could not be planned.", organization_id)
    return planned


def _charge(at: datetime) -> int:
    until = at.date() + AHEAD
    due = Renewal.objects.using("system").filter(
        status__in=OPEN, next_attempt_on__lte=until, invoice__status__in=PAYABLE
    )
    charged = 0
    for organization_id, invoice_id in (
        due.order_by("organization_id", "invoice_id").values_list("organization_id", "invoice_id").distinct()
    ):
        try:
            charged += _charge_one(organization_id, invoice_id, at)
        except Exception:  # one invoice must not stop the others
            logger.exception("The renewal invoice %s could not be charged.", invoice_id)
    return charged


def _charge_one(organization_id: int, invoice_id: int, at: datetime) -> bool:
    with tenant_scope(organization_id):
        invoice = Invoice.objects.select_related("organization").get(organization_id=organization_id, pk=invoice_id)
        today = day_in(invoice.organization.time_zone, at)
        return charge_renewals(invoice=invoice, today=today, actor=ACTOR, at=at) is not None
