"""The staff's own log of what was decided about entries of the bank; only added to (BIL-17)."""

from datetime import datetime

from billing.bank.models import EntryDecision, StatementEntry
from manager.kit.actor import Actor


def note_decision(
    row: StatementEntry, verb: str, actor: Actor, at: datetime, reason: str = "", **data: int | None
) -> EntryDecision:
    """Write down who decided what, in the transaction of the decision.

    `data` holds ids, and under `charges` what banks kept, in minor units.
    """
    return EntryDecision.objects.create(
        entry=row,
        verb=verb,
        reason=reason.strip()[:300],
        data={name: value for name, value in data.items() if value is not None},
        actor_kind=actor.kind,
        actor_id=actor.user_id,
        actor_name=actor.name[:200],
        at=at,
    )
