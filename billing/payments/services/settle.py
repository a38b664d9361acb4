"""Step three of a payment: what the provider said, the money and its consequences, in one commit (BIL-16)."""

import logging
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import QuerySet

from billing.gateway.vocabulary import ChargeResult, ChargeState, Failure, Means
from billing.invoices.models import Invoice
from billing.invoices.services.finalize import lock_invoice
from billing.payment_methods.services import save_method
from billing.payments.models import PaymentAttempt, Way
from billing.payments.next_means import next_means
from billing.payments.services.money import take_in
from billing.payments.status import FINAL, TRANSITIONS, AttemptStatus
from billing.reservations.services import release_reservations
from manager.kit.actor import Actor
from manager.kit.clock import day_in
from manager.kit.database.rows import update_row
from manager.kit.points import reach
from manager.kit.prepared import Prepared
from manager.kit.status import transition
from manager.outbox.publish import publish

logger = logging.getLogger(__name__)

ASK_AGAIN: dict[str, timedelta] = {
    AttemptStatus.UNKNOWN: timedelta(seconds=15),
    AttemptStatus.REQUIRES_ACTION: timedelta(minutes=10),
    AttemptStatus.PENDING: timedelta(minutes=10),
}
"""When the janitor asks about an attempt that nobody works on, should no message of the provider come."""

CHANGED = (
    "status",
    "method",
    "reference",
    "charge_reference",
    "means_reference",
    "means_country",
    "redirect_url",
    "decline_code",
    "decline_kind",
    "decline_message",
    "is_credited",
    "lease_until",
    "finished_at",
)
"""What of an attempt changes with what the provider says."""

STATUS_OF: dict[ChargeState, AttemptStatus] = {
    ChargeState.REQUIRES_ACTION: AttemptStatus.REQUIRES_ACTION,
    ChargeState.PENDING: AttemptStatus.PENDING,
    ChargeState.UNKNOWN: AttemptStatus.UNKNOWN,
    ChargeState.FAILED: AttemptStatus.FAILED,
    ChargeState.CANCELED: AttemptStatus.CANCELLED,
}


def settle_attempt(
    *, attempt: PaymentAttempt, result: ChargeResult, actor: Actor, at: datetime, means: Means | None = None
) -> PaymentAttempt:
    """Record `result` for the attempt as it was taken (its `fence`), with all that follows, and return it.

    A result of an older fence changes nothing, except what stays true whoever says it: that the money has
    arrived, which is recorded once, and that the provider has closed the charge. `means` is what to save of
    the person's card. Nothing that comes of an attempt is recorded as earlier than its beginning, also where
    the clock of who took it over is behind: the days of a renewal are counted from there (BIL-11).
    """
    invoice: Invoice | None = None
    with transaction.atomic(durable=True):
        if attempt.invoice_id is not None:
            invoice = lock_invoice(Invoice(pk=attempt.invoice_id, organization_id=attempt.organization_id))
        row = _LOCKED.one(organization_id=attempt.organization_id, pk=attempt.pk)
        if invoice is not None:
            row.invoice, row.organization = invoice, invoice.organization
        if row.status == AttemptStatus.SUCCEEDED:
            return row
        if result.state is ChargeState.SUCCEEDED:
            _note(row, result)
            _succeed(row, result, means=means, actor=actor, at=at)
        elif row.status not in FINAL and (row.fence == attempt.fence or _is_closed_for_good(row, result)):
            _note(row, result)
            _learn(row, result, at)
        else:
            logger.info("A late answer about attempt %s was left aside: %s", row.pk, result.state)
            return row
        update_row(row, CHANGED)
        reach("charge.before_commit", row.organization_id)
    reach("charge.committed", row.organization_id)
    return row


def _build_locked(*, organization_id: int, pk: int) -> QuerySet[PaymentAttempt]:
    found = PaymentAttempt.objects.filter(organization_id=organization_id, pk=pk)
    return found.select_for_update(of=("self",)).select_related("method")


_LOCKED: Prepared[PaymentAttempt] = Prepared(_build_locked, planned_once=True)


def _is_closed_for_good(row: PaymentAttempt, result: ChargeResult) -> bool:
    """Tell whether nothing can come of the charge any more, whoever heard it.

    Otherwise many who close it at once would each find that a later one had taken it, and the last of them
    may be one who only looks: nobody would go on to pay. Who found nothing at the provider has closed
    nothing: the charge that became known since may go on.
    """
    is_same = bool(row.reference) and result.reference == row.reference
    return is_same and result.state is ChargeState.CANCELED


def _note(row: PaymentAttempt, result: ChargeResult) -> None:
    """Keep the provider's names of the charge."""
    row.reference = row.reference or result.reference
    row.charge_reference = result.charge_reference or row.charge_reference
    row.means_reference = result.means_reference or row.means_reference
    row.means_country = result.means_country or row.means_country


def _happened(row: PaymentAttempt, at: datetime) -> datetime:
    """Return when what is learnt of an attempt at `at` is taken to have happened.

    Leases of a clock ahead count as over for one behind (`manager.kit.due`), so that one may take over what
    has begun later than its own present.
    """
    return max(at, row.created_at)


def _succeed(
    row: PaymentAttempt, result: ChargeResult, *, means: Means | None, actor: Actor, at: datetime
) -> None:
    happened = _happened(row, at)
    if means is not None and row.saves_means and row.method_id is None:
        row.method = save_method(
            organization_id=row.organization_id, gateway=row.gateway, means=means, actor=actor, at=happened
        )
        row.save(update_fields=["method"])  # what follows from the money may ask for the card
    transition(row, AttemptStatus.SUCCEEDED, TRANSITIONS)
    row.finished_at = happened
    row.lease_until = (
        at + ASK_AGAIN[AttemptStatus.UNKNOWN] if row.saves_means and row.method_id is None else None
    )
    row.redirect_url = ""
    row.decline_code = row.decline_kind = row.decline_message = ""
    take_in(attempt=row, received=result.amount or row.money, actor=actor, at=happened)


def _learn(row: PaymentAttempt, result: ChargeResult, at: datetime) -> None:
    status, happened = STATUS_OF[result.state], _happened(row, at)
    if status == AttemptStatus.UNKNOWN and row.status in (
        AttemptStatus.REQUIRES_ACTION,
        AttemptStatus.PENDING,
    ):
        # Nothing was learnt: what was known stands, and the provider is asked again soon.
        row.lease_until = at + _left_alone(result)
        return
    is_news = row.status != status
    if is_news:
        transition(row, status, TRANSITIONS)
    row.lease_until = at + max(asked_again_after(row), _left_alone(result)) if row.is_open else None
    row.redirect_url = (result.action_url or row.redirect_url) if row.is_open else ""
    if result.failure is not None:
        _explain(row, result.failure)
    if not row.is_open:
        row.finished_at = happened
        if row.invoice is not None:  # the part of the balance that waited for this charge
            release_reservations(invoice=row.invoice, at=happened, attempt_id=row.pk)
    if is_news:
        _tell(row, happened)


def _left_alone(result: ChargeResult) -> timedelta:
    """Return how long the provider is left alone when it did not tell anything; longer where it asked so."""
    return max(ASK_AGAIN[AttemptStatus.UNKNOWN], timedelta(seconds=result.retry_after))


def asked_again_after(row: PaymentAttempt) -> timedelta:
    """Return when the janitor asks about an open attempt; rarely while a mail waits for the person."""
    waits_for_mail = row.way == Way.OFF_SESSION and row.status == AttemptStatus.REQUIRES_ACTION
    return timedelta(hours=6) if waits_for_mail else ASK_AGAIN[row.status]


def _explain(row: PaymentAttempt, failure: Failure) -> None:
    row.decline_code = failure.code[:60]
    row.decline_kind = failure.kind.value
    row.decline_message = failure.message_key


def tell_failed(row: PaymentAttempt, at: datetime) -> None:
    """Publish that an attempt was refused, and which means is charged in its place, in its transaction."""
    facts = {**_facts(row, at), "decline_kind": row.decline_kind, "decline_code": row.decline_code}
    publish("payment.failed", organization_id=row.organization_id, payload=facts, at=at)


def _facts(row: PaymentAttempt, at: datetime) -> dict[str, object]:
    following = next_means(attempt=row, today=day_in(row.organization.time_zone, at))
    return {
        "attempt": row.pk,
        "invoice": row.invoice_id,
        "initiator": row.initiator,
        "next_means": following.pk if following is not None else None,
    }


def _tell(row: PaymentAttempt, at: datetime) -> None:
    if row.status == AttemptStatus.FAILED:
        tell_failed(row, at)
    elif row.status == AttemptStatus.REQUIRES_ACTION and row.way == Way.OFF_SESSION:
        facts = _facts(row, at)
        publish("payment.requires_action", organization_id=row.organization_id, payload=facts, at=at)
