"""The renewal engine's drains: find what is due across tenants, then work organization by organization."""

import logging
from datetime import datetime, timedelta

from django.db.models import Exists, OuterRef, Q, QuerySet

from billing.invoices.models import Invoice
from billing.invoices.status import InvoiceStatus
from billing.renewals.charging import drain_charges
from billing.renewals.models import Renewal
from billing.renewals.reminders import find_to_remind, note_round, remind_organization
from billing.renewals.rules import FIRST_CHARGE_DAYS
from billing.renewals.services import plan_renewals, take_back
from billing.renewals.services.release import release_blocking_drafts
from billing.renewals.status import OPEN, RenewalStatus
from billing.runs.models import RunKind
from billing.runs.services import recording
from manager.kit.actor import Actor
from manager.kit.errors import DomainError
from manager.kit.points import reach
from manager.kit.scope import tenant_scope
from organizations.profile.models import Organization
from products.inventory.models import Product
from products.inventory.status import RENEWABLE

logger = logging.getLogger(__name__)

ACTOR = Actor.system("renewals")
# Zones are up to 14 hours ahead of UTC: tomorrow's date there may be due already.
AHEAD = timedelta(days=1)


def drain_renewals(*, at: datetime) -> int:
    """Plan and charge all renewals due at `at`; return how many invoices were planned or charged (BIL-11)."""
    return _take_back(at) + _plan(at) + drain_charges(at=at)


def drain_reminders(*, at: datetime) -> int:
    """Remind of what will not renew by itself; return how many organizations were told (BIL-12)."""
    with recording(kind=RunKind.REMINDERS, at=at) as run:
        reminded = failed = 0
        for organization_id in find_to_remind(at=at):
            try:
                with tenant_scope(organization_id):
                    reminded += remind_organization(organization_id=organization_id, at=at)
            except Exception:  # one organization must not stop the others
                failed += 1
                logger.exception("Organization %s could not be reminded.", organization_id)
        note_round(at=at)
        run.count(sent=reminded, failed=failed)
    return reminded


def _take_back(at: datetime) -> int:
    """Finish what a crash left of a switch that was put off, and free what has ended."""
    gone = Renewal.objects.using("system").filter(
        Q(product__auto_renew=False) | ~Q(product__status__in=RENEWABLE),
        status__in=OPEN,
        invoice__status=InvoiceStatus.DRAFT,
    )
    done = 0
    for organization_id, invoice_id in gone.values_list("organization_id", "invoice_id").distinct():
        with tenant_scope(organization_id):
            invoice = Invoice.objects.select_related("organization").get(
                organization_id=organization_id, pk=invoice_id
            )
            try:
                done += take_back(invoice=invoice, actor=ACTOR, at=at)
            except DomainError as error:  # it is being paid at this moment: next time
                logger.info("The renewal invoice %s stays for now: %s", invoice_id, error)
            except Exception:  # one invoice must not stop the others
                logger.exception("The renewal invoice %s could not be taken back.", invoice_id)
    return done


def _plan(at: datetime) -> int:
    planned = 0
    for organization_id in _to_plan(at):
        try:
            with tenant_scope(organization_id):
                organization = Organization.objects.get(pk=organization_id)
                release_blocking_drafts(organization=organization, actor=ACTOR, at=at)
                planned += len(plan_renewals(organization=organization, actor=ACTOR, at=at))
            reach("planning.batch")
        except Exception:  # one organization must not stop the others
            logger.exception("The renewals of organization %s could not be planned.", organization_id)
    return planned


def _to_plan(at: datetime) -> list[int]:
    """Return the organizations with a product that is due and on no renewal yet, or on one in a selection."""
    until = at.date() + timedelta(days=FIRST_CHARGE_DAYS) + AHEAD
    renewals = Renewal.objects.using("system").exclude(status=RenewalStatus.CANCELLED)
    covered = renewals.filter(product=OuterRef("pk"), period__endswith__gt=OuterRef("expires_on"))
    due = Product.objects.using("system").filter(
        ~Exists(covered), auto_renew=True, status__in=RENEWABLE, expires_on__lte=until
    )
    selected = _due(at).filter(invoice__status=InvoiceStatus.CANCELLED)
    found = {*due.values_list("organization_id", flat=True).distinct()}
    return sorted(found | {*selected.values_list("organization_id", flat=True).distinct()})


def _due(at: datetime) -> QuerySet[Renewal]:
    return Renewal.objects.using("system").filter(status__in=OPEN, next_attempt_on__lte=at.date() + AHEAD)
