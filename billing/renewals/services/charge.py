"""Charge a planned renewal: one small unit per invoice, at most one attempt per means and day (BIL-11)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db import transaction
from django.db.models import QuerySet

from billing.gateway.vocabulary import FailureKind
from billing.invoices.models import Invoice
from billing.invoices.services import settle_free
from billing.invoices.services.await_answer import VatNumberBeingChecked
from billing.payment_methods.models import PaymentMethod
from billing.payments.errors import InvoiceNotPayable, PaymentInProgress
from billing.payments.models import Initiator, PaymentAttempt
from billing.payments.next_means import means_to_charge, next_means
from billing.payments.selectors import (
    get_announced_transfer,
    get_open_attempt,
    list_attempts,
    list_refused_before,
)
from billing.payments.services import charge_off_session
from billing.payments.status import AttemptStatus
from billing.prepaid.selectors import pays_renewals
from billing.renewals.models import Renewal
from billing.renewals.services.outcome import fail_renewals
from billing.renewals.status import OPEN, RenewalStatus
from manager.kit.actor import Actor
from manager.kit.prepared import Prepared
from products.inventory.status import RENEWABLE

LEFT_ALONE = timedelta(hours=1)
"""So long a person who has begun to pay is not interrupted; the page of the provider is open as long."""

MOST_MEANS = 10
"""So many saved means are tried for one invoice on one day, one after the other."""


def charge_renewals(*, invoice: Invoice, today: date, actor: Actor, at: datetime) -> PaymentAttempt | None:
    """Charge `invoice` to the means of its renewals if it is due on `today`; None when nothing was to do.

    Runs outside of a transaction, as the attempt commits its steps. The attempt is named after the day and
    the means, so that workers who meet here, and one who comes back after a crash, make one (BIL-16). What
    came of it is told by the payment's own events; see `outcome`. An invoice with a product that was
    switched off or has ended is not charged. Where a means is refused for good, the next one in the
    organization's order is charged at once, in an attempt of its own (BIL-9); on the last day of the
    schedule after any refusal, also where a bank wants an approval.
    """
    due = _read_due(invoice, today, at)
    if due is None:
        return None
    if not invoice.total_amount:
        settle_free(invoice=invoice, actor=actor, at=at)
        return None
    return _charge_in_order(invoice, due, today, actor, at)


@dataclass(frozen=True, slots=True)
class _Due:
    """What decides how an invoice is charged: its rows, what was tried, and the means to begin with."""

    renewals: list[Renewal]
    attempts: list[PaymentAttempt]
    uses_balance: bool
    method: PaymentMethod | None


@transaction.atomic
def _read_due(invoice: Invoice, today: date, at: datetime) -> _Due | None:
    """Read it in one short transaction; None where the invoice is not to be charged on `today`."""
    renewals = _WAITING.fetch(organization_id=invoice.organization_id, invoice_id=invoice.pk)
    is_due = any(row.next_attempt_on is not None and row.next_attempt_on <= today for row in renewals)
    if not is_due or not _is_wanted(renewals):
        return None
    attempts = list_attempts(invoice=invoice)
    if _is_at_hand(invoice, attempts, at):
        return None
    if any(row.attempts for row in renewals):  # some of them perhaps on a draft that was taken back
        attempts += list_refused_before(invoice=invoice)
    if not invoice.total_amount:
        return _Due(renewals, attempts, uses_balance=False, method=None)
    uses_balance = pays_renewals(organization=invoice.organization)
    return _Due(renewals, attempts, uses_balance, _means(invoice, renewals, attempts, today))


def _build_waiting(*, organization_id: int, invoice_id: int) -> QuerySet[Renewal]:
    rows = Renewal.objects.filter(
        organization_id=organization_id, invoice_id=invoice_id, status__in=sorted(OPEN)
    )
    return rows.select_related("method", "product").order_by("pk")


_WAITING: Prepared[Renewal] = Prepared(_build_waiting, planned_once=True)


def _charge_in_order(
    invoice: Invoice, due: _Due, today: date, actor: Actor, at: datetime
) -> PaymentAttempt | None:
    tried: PaymentAttempt | None = None
    renewals, attempts, method = due.renewals, due.attempts, due.method
    for _place in range(MOST_MEANS):
        if method is None:
            fail_renewals(invoice=invoice, decline_kind="hard", decline_code="no_means", actor=actor, at=at)
            return tried
        key = f"renewal:{invoice.pk}:{today}:{method.pk}"
        known = next((attempt for attempt in attempts if attempt.request_key == key), None)
        if known is not None:
            _note_given_up(invoice, known, renewals, actor, at)
            return tried
        try:
            tried = charge_off_session(
                invoice=invoice,
                method=method,
                actor=actor,
                at=at,
                request_key=key,
                uses_balance=due.uses_balance,
                attempts=attempts,
            )
        except (InvoiceNotPayable, PaymentInProgress, VatNumberBeingChecked):
            return tried
        if next_means(attempt=tried, today=today) is None:
            return tried
        attempts.append(tried)
        method = _means(invoice, renewals, attempts, today)
    return tried


def _note_given_up(
    invoice: Invoice, attempt: PaymentAttempt, renewals: Sequence[Renewal], actor: Actor, at: datetime
) -> None:
    """Note a refusal whose next means was removed before it was charged: nothing else would tell of it."""
    waits = all(row.status == RenewalStatus.PLANNED for row in renewals)
    wants_approval = attempt.status == AttemptStatus.REQUIRES_ACTION
    ended = attempt.created_at if wants_approval else attempt.finished_at
    is_refused = wants_approval or attempt.status == AttemptStatus.FAILED
    if is_refused and waits and ended is not None and at - ended > LEFT_ALONE:
        fail_renewals(
            invoice=invoice,
            decline_kind=attempt.decline_kind or FailureKind.AUTHENTICATION,
            decline_code=attempt.decline_code or "authentication_required",
            actor=actor,
            at=at,
            attempt_id=attempt.pk,
        )


def _is_wanted(renewals: Sequence[Renewal]) -> bool:
    return all(row.product.auto_renew and row.product.status in RENEWABLE for row in renewals)


def _is_at_hand(invoice: Invoice, attempts: Sequence[PaymentAttempt], at: datetime) -> bool:
    """Return whether somebody pays, or will by transfer, or money came that could not settle `invoice`.

    That money lies on the prepaid account, where staff and the person see it; another charge each day
    would take it again and again.
    """
    came = any(attempt.status == AttemptStatus.SUCCEEDED for attempt in attempts)
    is_paying = any(_is_of_person(attempt, at) for attempt in attempts if attempt.is_open)
    return came or is_paying or get_announced_transfer(invoice=invoice) is not None


def person_is_paying(*, invoice: Invoice, at: datetime) -> bool:
    """Return whether somebody began to pay `invoice` within the last hour and has not finished."""
    attempt = get_open_attempt(invoice=invoice)
    return attempt is not None and _is_of_person(attempt, at)


def _is_of_person(attempt: PaymentAttempt, at: datetime) -> bool:
    return attempt.initiator == Initiator.PERSON and at - attempt.created_at < LEFT_ALONE


def _means(
    invoice: Invoice, renewals: Sequence[Renewal], attempts: Sequence[PaymentAttempt], today: date
) -> PaymentMethod | None:
    """Return what to charge: the planned means, else the next in the organization's order (BIL-9)."""
    planned = renewals[0].method
    method = means_to_charge(invoice=invoice, attempts=attempts, planned=planned, today=today)
    if method is not None and (planned is None or planned.removed_at is not None):
        Renewal.objects.filter(
            organization_id=invoice.organization_id, pk__in=[row.pk for row in renewals]
        ).update(method=method)
    return method
