"""The secret of an offer's link: derived, so that the giver can be shown it again and nobody stores it."""

from manager.kit.tokens import derive_secret, hash_secret
from products.transfer.models import Transfer

SALT = "products.transfer"


def _secret(transfer: Transfer) -> str:
    facts = f"{transfer.organization_id}:{transfer.product_id}:{transfer.expires_at.isoformat()}"
    return derive_secret(SALT, facts)


def transfer_key(transfer: Transfer) -> str:
    """Return what the link carries: the giving organization's id and the secret."""
    return f"{transfer.organization_id}-{_secret(transfer)}"


def seal(transfer: Transfer) -> None:
    """Set the hash by which the offer is found; the caller saves."""
    transfer.token_hash = hash_secret(_secret(transfer))
