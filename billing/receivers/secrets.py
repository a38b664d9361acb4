"""The secrets of a receiver's links: derived, so that only the mails hold them."""

from billing.receivers.models import BillingReceiver
from manager.kit.tokens import derive_secret, hash_secret

SALT = "billing.receivers"


def _facts(receiver: BillingReceiver) -> str:
    return f"{receiver.organization_id}:{receiver.email}:{receiver.created_at.isoformat()}"


def confirm_key(receiver: BillingReceiver) -> str:
    """Return the key of the link by which the receiver answers; asking again makes a new one."""
    facts = f"{_facts(receiver)}:{receiver.asked_at.isoformat()}"
    return f"{receiver.organization_id}-{derive_secret(f'{SALT}.confirm', facts)}"


def stop_key(receiver: BillingReceiver) -> str:
    """Return the key of the link in each message by which the receiver wants no more."""
    return f"{receiver.organization_id}-{derive_secret(f'{SALT}.stop', _facts(receiver))}"


def seal(receiver: BillingReceiver) -> None:
    """Set the hashes by which the links are found; the caller saves."""
    receiver.token_hash = hash_secret(confirm_key(receiver).partition("-")[2])
    receiver.stop_hash = hash_secret(stop_key(receiver).partition("-")[2])
