"""Read invitations."""

from collections.abc import Collection
from dataclasses import dataclass

from django.db.models import QuerySet

from manager.kit.errors import NotFound
from manager.kit.scope import tenant_scope
from manager.kit.tokens import hash_secret, split_key
from organizations.members.models import Invitation, Membership
from organizations.profile.models import Organization


def open_invitations(*, organization_id: int) -> QuerySet[Invitation]:
    """Return the invitations that wait, expired ones included: they can be sent again."""
    return Invitation.objects.filter(
        organization_id=organization_id, accepted_at=None, withdrawn_at=None
    ).order_by("-id")


def list_invitations(
    *, organization: Organization, role: str = "", has_billing: bool | None = None, search: str = ""
) -> QuerySet[Invitation]:
    """Return the waiting invitations with who invited, newest first, filtered as the members are."""
    invitations = open_invitations(organization_id=organization.pk).select_related("invited_by")
    if role:
        invitations = invitations.filter(role=role)
    if has_billing is not None:
        invitations = invitations.filter(has_billing=has_billing)
    for word in search.split():
        invitations = invitations.filter(email__icontains=word)
    return invitations


@dataclass(frozen=True, slots=True)
class KnownAddresses:
    """Which of some addresses belong to members, and which are invited already."""

    members: frozenset[str]
    invited: frozenset[str]


def find_known_addresses(*, organization_id: int, emails: Collection[str]) -> KnownAddresses:
    """Return which of `emails` (normalized) are known in the organization; two queries."""
    members = Membership.objects.filter(organization_id=organization_id, user__email__in=emails)
    waiting = open_invitations(organization_id=organization_id).filter(email__in=emails)
    return KnownAddresses(
        frozenset(members.values_list("user__email", flat=True)),
        frozenset(waiting.values_list("email", flat=True)),
    )


def get_open_invitation(*, organization_id: int, invitation_id: int, lock: bool = False) -> Invitation:
    """Return a waiting invitation, locked if asked.

    :raises NotFound: it is not open in this organization.
    """
    waiting = open_invitations(organization_id=organization_id)
    if lock:
        waiting = waiting.select_for_update()
    invitation = waiting.filter(pk=invitation_id).first()
    if invitation is None:
        raise NotFound
    return invitation


def get_invitation_by_key(*, key: str) -> Invitation:
    """Return the invitation that a mailed link's key names, with its organization and who invited.

    :raises NotFound: the key is wrong, or the invitation was withdrawn.
    """
    parts = split_key(key)
    if parts is None:
        raise NotFound
    organization_id, secret = parts
    with tenant_scope(organization_id):
        invitation = (
            Invitation.objects.select_related("organization", "invited_by")
            .filter(organization_id=organization_id, token_hash=hash_secret(secret), withdrawn_at=None)
            .first()
        )
    if invitation is None:
        raise NotFound
    return invitation
