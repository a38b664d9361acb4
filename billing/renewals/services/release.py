"""Free what falls due from unpaid selections, so that automatic renewal comes before them (BIL-11)."""

import logging
from datetime import datetime, timedelta

from billing.invoices.models import Invoice
from billing.invoices.status import InvoiceStatus
from billing.payments.selectors import get_open_attempt
from billing.payments.services import cancel_attempt
from billing.payments.status import AttemptStatus
from billing.renewals.models import Renewal
from billing.renewals.rules import FIRST_CHARGE_DAYS
from billing.renewals.services.charge import LEFT_ALONE, person_is_paying
from billing.renewals.status import OPEN
from billing.to_pay.services import release_selection
from manager.kit.actor import Actor
from manager.kit.clock import day_in
from manager.kit.errors import DomainError
from organizations.profile.models import Organization
from products.inventory.models import Product
from products.inventory.status import RENEWABLE

logger = logging.getLogger(__name__)


def release_blocking_drafts(*, organization: Organization, actor: Actor, at: datetime) -> int:
    """Dissolve unpaid selections that hold days of products due for their charge today; return how many.

    Runs outside of a transaction: an open payment of the selection is closed at the provider first, and
    if that one turns out paid, the selection is left alone; so is one that a person made or began to pay
    within the last hour. Renewals whose draft had gone into a selection are led to the draft that is
    given back.
    """
    released = sum(_release(invoice, actor, at) for invoice in _blocking(organization, at))
    _follow_released(organization)
    return released


def _release(invoice: Invoice, actor: Actor, at: datetime) -> bool:
    if at - invoice.created_at < LEFT_ALONE or person_is_paying(invoice=invoice, at=at):
        return False
    try:
        attempt = get_open_attempt(invoice=invoice)
        if attempt and cancel_attempt(attempt=attempt, actor=actor, at=at).status == AttemptStatus.SUCCEEDED:
            return False
        release_selection(invoice=invoice, actor=actor, at=at)
    except DomainError as error:  # what cannot be closed now must not keep the rest from its renewal
        logger.info("The selection %s stays for now: %s", invoice.pk, error)
        return False
    return True


def _blocking(organization: Organization, at: datetime) -> list[Invoice]:
    today = day_in(organization.time_zone, at)
    renewals = Renewal.objects.filter(organization_id=organization.pk, status__in=OPEN)
    waiting = renewals.exclude(next_attempt_on__lte=today).values("product_id")
    due = Product.objects.filter(
        organization_id=organization.pk,
        auto_renew=True,
        status__in=RENEWABLE,
        expires_on__lte=today + timedelta(days=FIRST_CHARGE_DAYS),
    ).exclude(pk__in=waiting)
    drafts = Invoice.objects.filter(
        organization_id=organization.pk,
        origin="selection",
        status=InvoiceStatus.DRAFT,
        lines__product__in=due,
        lines__counts=True,
    )
    return list(drafts.select_related("organization").distinct().order_by("pk"))


def _follow_released(organization: Organization) -> None:
    given_back = Renewal.objects.filter(
        organization_id=organization.pk,
        status__in=OPEN,
        invoice__status=InvoiceStatus.CANCELLED,
        invoice__replaced_by__origin="renewal",
        invoice__replaced_by__status=InvoiceStatus.DRAFT,
    ).select_related("invoice__replaced_by")
    for renewal in given_back:
        if renewal.invoice.replaced_by is not None:
            renewal.invoice = renewal.invoice.replaced_by
            renewal.save(update_fields=["invoice"])
