"""Follow a dispute: opened, its money taken, decided (BIL-14, BIL-15)."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from billing.disputes.models import Dispute
from billing.disputes.status import TRANSITIONS, UNDECIDED, DisputeStatus
from billing.gateway.abilities import TellsDisputes
from billing.gateway.registry import gateway_for
from billing.gateway.vocabulary import DisputeResult
from billing.ledger.models import AccountKind
from billing.ledger.services import lock_accounts, post_journal
from billing.payments.models import PaymentAttempt
from billing.payments.services import refresh_attempt
from manager.kit.actor import Actor
from manager.kit.errors import DomainError
from manager.kit.scope import tenant_scope
from manager.kit.status import transition
from manager.outbox.publish import publish
from organizations.audit.services import record_audit


class ChargeUnderWay(DomainError):
    """A charge was taken back before its payment was recorded."""

    code = "charge_under_way"
    status = 409
    message = _("The disputed payment is being recorded at this moment.")


def follow_dispute(
    *, gateway: str, reference: str, charge_reference: str, actor: Actor, at: datetime
) -> Dispute | None:
    """Ask the provider for a dispute and record where it stands; None where it is of no charge of ours.

    Repeated, late or out of their order, messages lead to the same end: what counts is the dispute as it is
    now. Publishes `dispute.opened` and `dispute.closed`, each once.

    :raises GatewayUnavailable: no answer; the message is handled again later.
    :raises ChargeUnderWay: the charge is being recorded; the message is handled again later.
    """
    provider = gateway_for(gateway)
    if not isinstance(provider, TellsDisputes):
        return None
    result = provider.describe_dispute(reference=reference)
    found = _attempt_of(result, gateway, charge_reference, actor, at)
    if found is None:
        return None
    with tenant_scope(found.organization_id), transaction.atomic():
        attempt = (
            PaymentAttempt.objects.select_for_update(of=("self",))
            .select_related("organization")
            .get(organization_id=found.organization_id, pk=found.pk)
        )
        return record_dispute(attempt=attempt, result=result, actor=actor, at=at)


def _attempt_of(
    result: DisputeResult, gateway: str, charge_reference: str, actor: Actor, at: datetime
) -> PaymentAttempt | None:
    """Return the attempt of a disputed charge; one whose payment is not recorded is asked about first."""
    reference = result.charge_reference or charge_reference
    ours = PaymentAttempt.objects.using("system").filter(gateway=gateway)
    found = ours.filter(charge_reference=reference).exclude(charge_reference="").first()
    if found is not None:
        return found
    named = ours.filter(
        pk=result.attempt_id, organization_id=result.organization_id, charge_reference=""
    ).first()
    if named is None:
        return None
    with tenant_scope(named.organization_id):
        mine = PaymentAttempt.objects.get(pk=named.pk, organization_id=named.organization_id)
        present = refresh_attempt(attempt=mine, actor=actor, at=at)
    if present.charge_reference != reference:
        raise ChargeUnderWay
    return present


def record_dispute(*, attempt: PaymentAttempt, result: DisputeResult, actor: Actor, at: datetime) -> Dispute:
    """Record a dispute of a locked charge as the provider tells it; a decided one is left as it is."""
    row, is_new = Dispute.objects.get_or_create(
        gateway=attempt.gateway,
        reference=result.reference,
        organization_id=attempt.organization_id,
        defaults={
            "attempt": attempt,
            "reason": result.reason[:60],
            "amount": result.amount.amount,
            "currency": result.amount.currency,
            "evidence_due_at": result.evidence_due_at,
            "opened_at": result.opened_at,
        },
    )
    if is_new:
        _tell("dispute.opened", row, actor, at)
    if row.status not in UNDECIDED:
        return row
    lock_accounts(organization=attempt.organization, currency=row.currency)
    row.evidence_due_at = result.evidence_due_at
    if result.is_withdrawn and row.withdrawn_at is None:
        row.withdrawn_at, row.fee_amount = at, result.fee.amount
        _post(row, "withdrawn", [(AccountKind.PROVIDER, row.amount), (AccountKind.DISPUTES, -row.amount)], at)
        _post(row, "fee", [(AccountKind.PROVIDER, row.fee_amount), (AccountKind.FEES, -row.fee_amount)], at)
    status = DisputeStatus(result.state.value)
    if status != row.status:
        transition(row, status, TRANSITIONS)
    if status not in UNDECIDED:
        _close(row, status, actor, at)
    row.save()
    return row


def _close(row: Dispute, status: DisputeStatus, actor: Actor, at: datetime) -> None:
    """Book what was decided: the money comes back to us, or is lost as a refund is."""
    row.closed_at = at
    if row.withdrawn_at is not None:
        to = AccountKind.REFUNDS if status == DisputeStatus.LOST else AccountKind.PROVIDER
        _post(row, status.value, [(AccountKind.DISPUTES, row.amount), (to, -row.amount)], at)
    _tell("dispute.closed", row, actor, at)


def _post(row: Dispute, step: str, entries: list[tuple[AccountKind, int]], at: datetime) -> None:
    post_journal(
        organization=row.organization,
        reference=f"dispute:{row.pk}:{step}",
        kind=f"dispute_{step}",
        currency=row.currency,
        entries=entries,
        at=at,
    )


def _tell(name: str, row: Dispute, actor: Actor, at: datetime) -> None:
    facts = {"dispute": row.pk, "amount": row.amount, "status": str(row.status)}
    record_audit(organization_id=row.organization_id, name=name, actor=actor, at=at, subject=row, **facts)
    publish(name, organization_id=row.organization_id, payload=facts, at=at)
