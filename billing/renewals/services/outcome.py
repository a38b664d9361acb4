"""What came of a charge: the renewals are settled, or wait for their next day."""

from collections.abc import Sequence
from datetime import date, datetime

from django.db import transaction
from django.db.models import Exists, OuterRef, Q

from billing.gateway.vocabulary import FailureKind
from billing.invoices.models import Invoice, InvoiceLine
from billing.payments.models import PaymentAttempt
from billing.payments.selectors import list_attempts
from billing.renewals.models import Renewal
from billing.renewals.status import OPEN, TRANSITIONS, RenewalStatus
from manager.kit.actor import Actor
from manager.kit.clock import day_in
from manager.kit.status import transition
from manager.outbox.publish import publish
from organizations.audit.services import record_audit
from products.inventory.rules import next_attempt_after


@transaction.atomic
def settle_renewals(*, invoice: Invoice, at: datetime) -> int:
    """Mark the renewals that `invoice` paid, also those whose own draft went into it; return how many.

    The products were extended with the payment itself. Publishes `renewal.settled`.
    """
    mine = Q(invoice=invoice) | Q(invoice__replaced_by=invoice)
    renewals = list(
        Renewal.objects.select_for_update(of=("self",))
        .filter(mine, organization_id=invoice.organization_id, status__in=OPEN)
        .order_by("pk")
    )
    for renewal in renewals:
        transition(renewal, RenewalStatus.SETTLED, TRANSITIONS)
        renewal.settled_at = at
        renewal.next_attempt_on = None
        renewal.save(update_fields=["status", "settled_at", "next_attempt_on"])
    if renewals:
        publish(
            "renewal.settled",
            organization_id=invoice.organization_id,
            payload={"invoice": invoice.pk, "products": [renewal.product_id for renewal in renewals]},
            at=at,
        )
    return len(renewals)


@transaction.atomic
def fail_renewals(
    *,
    invoice: Invoice,
    decline_kind: str,
    decline_code: str,
    actor: Actor,
    at: datetime,
    attempt_id: int | None = None,
    may_be_late: bool = False,
) -> int:
    """Record that the charge of `invoice` was refused; return how many renewals wait now.

    A soft refusal, and one that waits for the person's approval, is tried again on the next day of the
    schedule (BIL-11), a hard one only after another means was chosen. Publishes `renewal.failed`. Where they
    were taken back since, the refusal is kept for what is planned anew. One that is told late, after a later
    one, takes back nothing: neither is the day nearer again, nor is anything tried that was given up. With
    `may_be_late`, for events, a hard one does not give up what waits for a means that was chosen since. The
    attempt `attempt_id` counts once: told again it changes nothing, and as a refusal of another kind, such as
    one that its bank refused at the approval, only when it is tried again. That it waits for the approval
    changes nothing once it is refused: that was told late.
    """
    of_invoice = (
        Renewal.objects.select_for_update(of=("self",))
        .filter(organization_id=invoice.organization_id, invoice=invoice, settled_at=None)
        .select_related("organization")
        .order_by("pk")
    )
    rows = list(of_invoice)
    if not rows:
        return 0
    before = _note_kind(rows[0].organization_id, attempt_id, decline_kind)
    if before == decline_kind or (before and decline_kind == FailureKind.AUTHENTICATION):
        return 0
    today = day_in(rows[0].organization.time_zone, at)
    is_hard = decline_kind == FailureKind.HARD
    following = None if is_hard else next_attempt_after(rows[0].period.lower, today)
    chosen_since = _waiting_for_untried(invoice, rows) if is_hard and may_be_late else set()
    for row in rows:
        if row.pk not in chosen_since:
            row.next_attempt_on = _next_day(row, following)
        if row.status == RenewalStatus.PLANNED:
            transition(row, RenewalStatus.FAILED, TRANSITIONS)
        row.attempts += not before
        row.save(update_fields=["status", "next_attempt_on", "attempts"])
    renewals = [row for row in rows if row.status in OPEN]
    if not renewals:
        return 0
    retry_on = min((row.next_attempt_on for row in renewals if row.next_attempt_on), default=None)
    facts = {
        "decline_kind": decline_kind,
        "decline_code": decline_code,
        "retry_on": retry_on.isoformat() if retry_on else None,
    }
    record_audit(
        organization_id=invoice.organization_id,
        name="renewal.failed",
        actor=actor,
        at=at,
        subject=invoice,
        **facts,
    )
    publish(
        "renewal.failed",
        organization_id=invoice.organization_id,
        payload={"invoice": invoice.pk, **facts},
        at=at,
    )
    return len(renewals)


def _note_kind(organization_id: int, attempt_id: int | None, kind: str) -> str:
    """Keep as what an attempt was counted, and return as what it had been, "" if it never was."""
    if attempt_id is None:
        return ""
    attempts = PaymentAttempt.objects.filter(organization_id=organization_id, pk=attempt_id)
    before = attempts.select_for_update().values_list("noted_as", flat=True).get()
    if not before or kind != FailureKind.AUTHENTICATION:
        attempts.update(noted_as=str(kind))
    return before


def _next_day(row: Renewal, following: date | None) -> date | None:
    """Return when it is tried again: on the day `following` the refusal, if nothing later is noted yet."""
    if row.status != RenewalStatus.FAILED or following is None:
        return following
    return max(following, row.next_attempt_on) if row.next_attempt_on else None


def _waiting_for_untried(invoice: Invoice, rows: Sequence[Renewal]) -> set[int]:
    """Return the ids of those that wait, after a refusal, for a means that was not charged for `invoice`."""
    tried = {attempt.method_id for attempt in list_attempts(invoice=invoice)}
    return {
        row.pk
        for row in rows
        if row.status == RenewalStatus.FAILED
        and row.next_attempt_on is not None
        and row.method_id is not None
        and row.method_id not in tried
    }


@transaction.atomic
def cancel_renewals(*, invoice: Invoice, at: datetime) -> int:
    """Take the renewals of a cancelled invoice back, so that they can be planned anew; return how many."""
    renewals = list(
        Renewal.objects.select_for_update()
        .filter(organization_id=invoice.organization_id, invoice=invoice, status__in=OPEN)
        .order_by("pk")
    )
    _cancel(renewals, invoice, at)
    return len(renewals)


@transaction.atomic
def free_renewals(*, invoice: Invoice, at: datetime) -> int:
    """Take the renewals back whose days `invoice` does not pay any more, settled ones too; return how many.

    It was voided, or what it had not given was refunded: what is due again is planned and charged anew.
    Renewals whose own draft had gone into it are among them. Publishes `renewal.cancelled`.
    """
    mine = Q(invoice=invoice) | Q(invoice__replaced_by=invoice)
    paying = InvoiceLine.objects.filter(
        organization_id=invoice.organization_id, invoice=invoice, product=OuterRef("product"), counts=True
    )
    renewals = list(
        Renewal.objects.select_for_update(of=("self",))
        .filter(mine, ~Exists(paying), organization_id=invoice.organization_id)
        .exclude(status=RenewalStatus.CANCELLED)
        .order_by("pk")
    )
    _cancel(renewals, invoice, at)
    return len(renewals)


def _cancel(renewals: Sequence[Renewal], invoice: Invoice, at: datetime) -> None:
    for renewal in renewals:
        if renewal.status != RenewalStatus.FAILED:  # a refusal keeps its day for what is planned anew
            renewal.next_attempt_on = None
        transition(renewal, RenewalStatus.CANCELLED, TRANSITIONS)
        renewal.save(update_fields=["status", "next_attempt_on"])
    if renewals:
        publish(
            "renewal.cancelled",
            organization_id=invoice.organization_id,
            payload={"invoice": invoice.pk, "products": [renewal.product_id for renewal in renewals]},
            at=at,
        )
