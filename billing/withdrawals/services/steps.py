"""What each verb of a withdrawal is made of: its lock, its journal, its record and event."""

from datetime import datetime

from billing.ledger.models import AccountKind
from billing.ledger.services import post_journal
from billing.withdrawals.models import Withdrawal
from manager.kit.actor import Actor
from manager.outbox.publish import publish
from organizations.audit.services import record_audit


def lock_withdrawal(withdrawal: Withdrawal) -> Withdrawal:
    """Lock the row with its organization; the accounts are locked before (one order)."""
    return (
        Withdrawal.objects.select_for_update(of=("self",))
        .select_related("organization")
        .get(organization_id=withdrawal.organization_id, pk=withdrawal.pk)
    )


def post_withdrawal(  # noqa: PLR0917  (a journal of two entries)
    row: Withdrawal, step: str, kind: str, amount: int, out_of: AccountKind, into: AccountKind, at: datetime
) -> None:
    """Post `amount` (minor units) from one account to the other; `step` makes the reference unique."""
    post_journal(
        organization=row.organization,
        reference=f"withdrawal:{row.pk}{step}",
        kind=kind,
        currency=row.currency,
        entries=[(out_of, -amount), (into, amount)],
        description=row.destination_hidden,
        at=at,
    )


def tell_withdrawal(
    row: Withdrawal, name: str, actor: Actor, at: datetime, *, published: bool = True
) -> None:
    """Record what was done and, where others hear of it, publish it."""
    facts = {"withdrawal": row.pk, "amount": row.amount, "currency": row.currency, "status": str(row.status)}
    record_audit(organization_id=row.organization_id, name=name, actor=actor, at=at, subject=row, **facts)
    if published:
        publish(name, organization_id=row.organization_id, payload=facts, at=at)
