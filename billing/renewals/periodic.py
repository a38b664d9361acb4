"""What renewals do by themselves, found across tenants and done organization by organization."""

import logging
from collections import Counter
from datetime import datetime

from django.db.models import Exists, OuterRef, Q

from billing.invoices.models import Invoice
from billing.invoices.status import InvoiceStatus
from billing.renewals.models import Renewal
from billing.renewals.reminders import find_to_remind, note_round, remind_organization
from billing.renewals.services import take_back
from billing.renewals.status import OPEN
from billing.runs.models import QuarantineKind, RunKind
from billing.runs.selectors import find_quarantined
from billing.runs.services import note_failure, recording
from manager.kit.actor import Actor
from manager.kit.database.groups import is_nobodys_fault
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
                _note_failure(QuarantineKind.REMIND, organization_id, organization_id, error, at)
        note_round(at=at)
        run.count(sent=reminded, failed=reasons.total(), reasons=dict(reasons))
    return reminded


def _note_failure(kind: str, subject_id: int, organization_id: int, error: Exception, at: datetime) -> None:
    if is_nobodys_fault(error):
        return
    note_failure(kind=kind, subject_id=subject_id, organization_id=organization_id, error=error, at=at)


def take_back_gone(*, at: datetime) -> int:
    """Finish what a crash left of a switch that was put off, and free what has ended; return how many.

    A draft that fails goes to quarantine as those of `drain_reminders`; one that is being paid is left to
    the next time, however often.
    """
    bad = find_quarantined(kind=QuarantineKind.TAKE_BACK).using("system")
    gone = Renewal.objects.using("system").filter(
        Q(product__auto_renew=False) | ~Q(product__status__in=RENEWABLE),
        ~Exists(bad.filter(subject_id=OuterRef("invoice"))),
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
            except Exception as error:  # one invoice must not stop the others
                logger.exception("The renewal invoice %s could not be taken back.", invoice_id)
                _note_failure(QuarantineKind.TAKE_BACK, invoice_id, organization_id, error, at)
    return done
