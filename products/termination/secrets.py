"""The secret of the link by which a termination is confirmed: derived, so that only the mail has it."""

from manager.kit.tokens import derive_secret, hash_secret
from products.termination.models import Termination

SALT = "products.termination"


def confirmation_key(termination: Termination) -> str:
    """Return the secret that the link carries. It stands in the mail to the person who asked, only."""
    facts = f"{termination.organization_id}:{termination.asked_by_id}:{termination.created_at.isoformat()}"
    return derive_secret(SALT, facts)


def seal(termination: Termination) -> None:
    """Set the hash by which the link is checked; the caller saves."""
    termination.token_hash = hash_secret(confirmation_key(termination))
