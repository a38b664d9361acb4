"""What Stripe tells besides payments: fees, disputes, and the list of its events."""

from abc import ABC, abstractmethod
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

from stripe import StripeClient

from billing.gateway.stripe.client import asked
from billing.gateway.stripe.results import metadata_of, money_of, reference_of
from billing.gateway.stripe.webhook import event_of
from billing.gateway.vocabulary import DisputeResult, DisputeState, GatewayEvent
from manager.kit.money import Money

DISPUTE_STATES = {
    "warning_needs_response": DisputeState.OPEN,
    "warning_under_review": DisputeState.REVIEW,
    "warning_closed": DisputeState.WON,
    "needs_response": DisputeState.OPEN,
    "under_review": DisputeState.REVIEW,
    "prevented": DisputeState.WON,
    "won": DisputeState.WON,
    "lost": DisputeState.LOST,
}


class TellsMore(ABC):
    """The part of the driver that moves no money."""

    @property
    @abstractmethod
    def client(self) -> StripeClient:
        """The connection of this process."""

    @asked()
    def fee_of(self, *, charge_reference: str) -> Money | None:
        """Return what Stripe keeps of a charge, from its balance transaction."""
        intent = self.client.v1.payment_intents.retrieve(
            charge_reference, {"expand": ["latest_charge.balance_transaction"]}
        )
        entry = getattr(intent.latest_charge, "balance_transaction", None)
        if entry is None or isinstance(entry, str):
            return None
        return money_of(entry.fee, entry.currency)

    @asked()
    def describe_dispute(self, *, reference: str) -> DisputeResult:
        """Return a dispute as Stripe describes it now."""
        return dispute_of(self.client.v1.disputes.retrieve(reference, {"expand": ["payment_intent"]}))

    def list_events(self, *, since: datetime) -> Iterator[GatewayEvent]:
        """Yield Stripe's events since then, newest first; it keeps them for thirty days."""
        with asked():  # also what is asked for page by page
            found = self.client.v1.events.list({"created": {"gte": int(since.timestamp())}, "limit": 100})
            for event in found.auto_paging_iter():
                yield event_of(event.to_dict())


def dispute_of(dispute: Any) -> DisputeResult:
    """Return a dispute in the panel's words."""
    booked = dispute.balance_transactions
    details = dispute.evidence_details
    due = details.due_by if details is not None else None
    origin = metadata_of(dispute.payment_intent)
    return DisputeResult(
        state=DISPUTE_STATES.get(dispute.status, DisputeState.REVIEW),
        reference=dispute.id,
        charge_reference=reference_of(dispute.payment_intent),
        amount=money_of(dispute.amount, dispute.currency),
        fee=money_of(max(0, sum(entry.fee for entry in booked)), dispute.currency),
        reason=dispute.reason or "",
        opened_at=datetime.fromtimestamp(dispute.created, tz=UTC),
        evidence_due_at=datetime.fromtimestamp(due, tz=UTC) if due else None,
        is_withdrawn=any(entry.amount < 0 for entry in booked),
        organization_id=_number(origin.get("organization", "")),
        attempt_id=_number(origin.get("attempt", "")),
    )


def _number(text: str) -> int:
    """Return an id of our metadata, 0 for anything else: the account may take money for others, too."""
    return int(text) if text.isascii() and text.isdigit() and len(text) < 19 else 0
