"""The secret of an invitation's link: derived, so that only the mail holds it."""

from manager.kit.tokens import derive_secret, hash_secret
from organizations.members.models import Invitation

SALT = "organizations.members.invitation"


def invitation_secret(invitation: Invitation) -> str:
    """Return the secret of `invitation` as it was last sent; sending again makes a new one."""
    facts = f"{invitation.organization_id}:{invitation.email}:{invitation.expires_at.isoformat()}"
    return derive_secret(SALT, facts)


def invitation_key(invitation: Invitation) -> str:
    """Return what the link carries: the organization's id and the secret."""
    return f"{invitation.organization_id}-{invitation_secret(invitation)}"


def seal(invitation: Invitation) -> None:
    """Set the hash by which the invitation is found; the caller saves."""
    invitation.token_hash = hash_secret(invitation_secret(invitation))
