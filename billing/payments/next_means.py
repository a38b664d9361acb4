"""Which saved means is charged without the person: the one planned, then the others in their order (BIL-9).

A means that was refused for good for an invoice is not charged for it again while another one is left. On the
last day of the schedule the next one is charged after any refusal.
"""

from collections.abc import Sequence
from datetime import date, timedelta

from django.db.models import Exists, OuterRef

from billing.gateway.registry import gateway_for
from billing.gateway.vocabulary import FailureKind, MeansKind
from billing.invoices.models import Invoice
from billing.payment_methods.models import MethodSetup, PaymentMethod
from billing.payment_methods.selectors import methods_to_try
from billing.payments.models import Initiator, PaymentAttempt, Way
from billing.payments.selectors import list_attempts, list_refused_before
from billing.payments.status import AttemptStatus
from manager.kit.clock import start_of_day
from organizations.profile.models import Organization
from products.inventory.rules import CHARGE_DAYS

NOT_OF_THE_MEANS = frozenset({"amount_too_small"})
"""Hard refusals that another means would meet as well."""


def means_to_charge(
    *, invoice: Invoice, attempts: Sequence[PaymentAttempt], planned: PaymentMethod | None, today: date
) -> PaymentMethod | None:
    """Return the means to charge for `invoice` on `today`, after `attempts`; None when none is saved."""
    saved = methods_to_try(organization=invoice.organization, first=planned)
    left = _left(invoice, attempts, saved, today)
    return next(iter(left or saved), None)


def next_means(*, attempt: PaymentAttempt, today: date) -> PaymentMethod | None:
    """Return what is charged at once for the invoice of a renewal's attempt that was refused.

    After a soft refusal, and where its bank wants an approval, only on the last day of the schedule: before,
    the same means is tried again, or the person approves.
    """
    if not _is_refused(attempt) or attempt.initiator != Initiator.RENEWAL or attempt.invoice is None:
        return None
    invoice = attempt.invoice
    if attempt.decline_kind != FailureKind.HARD and not is_last_day(invoice=invoice, today=today):
        return None
    if attempt.decline_code in NOT_OF_THE_MEANS:
        return None
    saved = methods_to_try(organization=attempt.organization, first=attempt.method)
    attempts = list_attempts(invoice=invoice) + list_refused_before(invoice=invoice)
    left = _left(invoice, attempts, saved, today)
    return next((method for method in left if method.pk != attempt.method_id), None)


def refused_ids(*, organization: Organization) -> set[int]:
    """Return the ids of its means that a bank refused for good, and that neither paid nor were saved since.

    They are charged for the next invoice all the same, and will be refused for it as well (BIL-11).
    """
    mine = PaymentAttempt.objects.filter(organization_id=organization.pk, method__removed_at=None)
    paid_since = mine.filter(method=OuterRef("method"), status=AttemptStatus.SUCCEEDED, pk__gt=OuterRef("pk"))
    saved_since = MethodSetup.objects.filter(
        organization_id=organization.pk, method=OuterRef("method"), finished_at__gt=OuterRef("finished_at")
    )
    refused = mine.filter(
        ~Exists(paid_since),
        ~Exists(saved_since),
        status=AttemptStatus.FAILED,
        decline_kind=FailureKind.HARD,
        method__isnull=False,
    )
    return set(refused.exclude(decline_code__in=NOT_OF_THE_MEANS).values_list("method", flat=True))


def is_last_day(*, invoice: Invoice, today: date) -> bool:
    """Return whether no later day of the schedule is left for the invoice of a renewal (BIL-11)."""
    return today >= invoice.due_on - timedelta(days=min(CHARGE_DAYS))


def _is_refused(attempt: PaymentAttempt) -> bool:
    """Return whether a charge without the person did not go through: it failed, or wants an approval."""
    wants_approval = attempt.status == AttemptStatus.REQUIRES_ACTION and attempt.way == Way.OFF_SESSION
    return attempt.status == AttemptStatus.FAILED or wants_approval


def _gave_way(attempt: PaymentAttempt) -> bool:
    """Return whether it wanted an approval, and was closed for another means."""
    return (
        attempt.status == AttemptStatus.CANCELLED
        and attempt.way == Way.OFF_SESSION
        and attempt.initiator == Initiator.RENEWAL
    )


def _left(
    invoice: Invoice, attempts: Sequence[PaymentAttempt], saved: list[PaymentMethod], today: date
) -> list[PaymentMethod]:
    """Return those that can pay the invoice and were not refused for good for it; today, on the last day."""
    given_up = {
        attempt.method_id
        for attempt in attempts
        if attempt.status == AttemptStatus.FAILED and attempt.decline_kind == FailureKind.HARD
    }
    if is_last_day(invoice=invoice, today=today):
        since = start_of_day(today, invoice.organization.time_zone)
        refused = (one for one in attempts if _is_refused(one) or _gave_way(one))
        given_up |= {one.method_id for one in refused if one.created_at >= since}
    return [
        method
        for method in saved
        if method.pk not in given_up and not method.has_expired(today) and takes(method, invoice.currency)
    ]


def takes(method: PaymentMethod, currency: str) -> bool:
    """Return whether a saved means can be charged in `currency`: PostFinance takes francs only."""
    if method.is_prepaid:
        return True
    return MeansKind(method.kind) in gateway_for(method.gateway).kinds_for(currency=currency)
