"""Charge a planned renewal: one small unit per invoice, at most one attempt per day of the schedule."""

from datetime import date, datetime

from billing.invoices.models import Invoice
from billing.payments.services.begin import InvoiceNotPayable, PaymentInProgress
from billing.payments.models import PaymentAttempt
from billing.payments.services import charge_off_session
from billing.renewals.models import Renewal
from billing.renewals.services.outcome import fail_renewals
from billing.renewals.status import OPEN
from manager.kit.actor import Actor


def charge_renewals(*, invoice: Invoice, today: date, actor: Actor, at: datetime) -> PaymentAttempt | None:
    """Charge `invoice` to the means of its renewals if it is due on `today`; None when there was nothing to do.

    Runs outside of a transaction, as the attempt commits its steps. The attempt is named after the
    scheduled day, so that workers who meet here, and one who comes back after a crash, make one
    (BIL-16). What came of it is told by the payment's own events; see `outcome`.
    """
    due = Renewal.objects.filter(
        organization_id=invoice.organization_id, invoice=invoice, status__in=OPEN, next_attempt_on__lte=today
    )
    renewal = due.select_related("method").order_by("pk").first()
    if renewal is None:
        return None
    key = f"renewal:{invoice.pk}:{renewal.next_attempt_on}"
    if PaymentAttempt.objects.filter(organization_id=invoice.organization_id, request_key=key).exists():
        return None
    method = renewal.method
    if method is None or method.removed_at is not None:
        fail_renewals(invoice=invoice, decline_kind="hard", decline_code="no_means", actor=actor, at=at)
        return None
    try:
        return charge_off_session(
            invoice=invoice,
            method=method,
            actor=actor,
            at=at,
            request_key=key,
        )
    except (InvoiceNotPayable, PaymentInProgress):
        return None
