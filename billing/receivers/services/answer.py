"""What the reader of an address answers, by the links of the mails (ORG-11)."""

from datetime import datetime

from django.db import transaction

from billing.receivers.errors import LinkExpired
from billing.receivers.models import BillingReceiver
from billing.receivers.services.ask import lock_receiver
from billing.receivers.status import TRANSITIONS, ReceiverStatus
from manager.kit.actor import Actor
from manager.kit.errors import NotFound
from manager.kit.status import transition
from manager.kit.tokens import hash_secret
from organizations.audit.services import record_audit


def can_accept(receiver: BillingReceiver, *, secret: str, at: datetime) -> bool:
    """Return whether the link with `secret` can say yes: in time, or of one that had said yes before."""
    if receiver.token_hash == hash_secret(secret):
        return at < receiver.expires_at
    return receiver.confirmed_at is not None


def accept_messages(*, receiver: BillingReceiver, secret: str, actor: Actor, at: datetime) -> BillingReceiver:
    """Have the messages sent from now on; saying it twice changes nothing.

    :raises LinkExpired: the link of the mail that asked is older than seven days.
    :raises NotFound: the receiver was removed, or asked anew with another link.
    """
    with transaction.atomic():
        row = _lock(receiver, secret)
        if row.status == ReceiverStatus.ACTIVE:
            return row
        if not can_accept(row, secret=secret, at=at):
            raise LinkExpired
        transition(row, ReceiverStatus.ACTIVE, TRANSITIONS)
        row.confirmed_at, row.removed_at = at, None
        row.save(update_fields=["status", "confirmed_at", "removed_at"])
        _audit("billing_receiver.confirmed", row, actor, at)
    return row


def refuse_messages(*, receiver: BillingReceiver, secret: str, actor: Actor, at: datetime) -> BillingReceiver:
    """Send no further message to the address, whoever asks for it; saying it twice changes nothing.

    A link does not grow too old to refuse by.

    :raises NotFound: the receiver was removed, or asked anew with another link.
    """
    with transaction.atomic():
        row = _lock(receiver, secret)
        if row.status != ReceiverStatus.REFUSED:
            transition(row, ReceiverStatus.REFUSED, TRANSITIONS)
            row.save(update_fields=["status"])
            _audit("billing_receiver.refused", row, actor, at)
    return row


def _lock(receiver: BillingReceiver, secret: str) -> BillingReceiver:
    row = lock_receiver(receiver)
    if hash_secret(secret) not in {row.token_hash, row.stop_hash}:
        raise NotFound
    return row


def _audit(name: str, row: BillingReceiver, actor: Actor, at: datetime) -> None:
    record_audit(
        organization_id=row.organization_id, name=name, actor=actor, at=at, subject=row, email=row.email
    )
