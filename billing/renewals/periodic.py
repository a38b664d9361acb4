"""What renewals do by themselves, found across tenants and done organization by organization."""

import logging
from collections import Counter
from datetime import datetime

from django.db import InterfaceError, OperationalError
from django.db.models import Q

from billing.invoices.models import Invoice
from billing.invoices.status import InvoiceStatus
from billing.renewals.models import Renewal
from billing.renewals.reminders import find_to_remind, note_round, remind_organization
from billing.renewals.services import take_back
from billing.renewals.status import OPEN
from billing.runs.models import QuarantineKind, RunKind
from billing.runs.services import note_failure, recording
from manager.kit.actor import Actor
from manager.kit.errors import DomainError
from manager.kit.scope import tenant_scope
from products.inventory.status import RENEWABLE

logger = logging.getLogger(__name__)

ACTOR = Actor.system("renewals")


def drain_reminders(*, at: datetime) -> int:
    """Remind of what will not renew by itself; return how many organizations were told (BIL-12).

    One that fails stops nobody; the third time it goes to quarantine, where staff see it and let it be tried
    again. What fails because the database does, is tried again by the next drain.
    """
    with recording(kind=RunKind.REMINDERS, at=at) as run:
        reminded, reasons = 0, Counter[str]()
        for organization_id in find_to_remind(at=at):
            try:
                with tenant_scope(organization_id):
                    reminded += remind_organization(organization_id=organization_id, at=at)
            except Exception as error:  # one organization must not stop the others
                reasons[type(error).__name__] += 1
                logger.exception("Organization %s could not be reminded.", organization_id)
                if not isinstance(error, OperationalError | InterfaceError):
                    _note_failure(organization_id, error, at)
        note_round(at=at)
        run.count(sent=reminded, failed=reasons.total(), reasons=dict(reasons))
    return reminded


def _note_failure(organization_id: int, error: Exception, at: datetime) -> None:
    note_failure(
        kind=QuarantineKind.REMIND,
        subject_id=organization_id,
        organization_id=organization_id,
        error=error,
        at=at,
    )


def take_back_gone(*, at: datetime) -> int:
    """Finish what a crash left of a switch that was put off, and free what has ended; return how many."""
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
