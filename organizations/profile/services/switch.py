"""Switch to an organization."""

from datetime import datetime

from manager.kit.scope import tenant_scope
from organizations.members.models import Membership


def switch_organization(*, membership: Membership, at: datetime) -> Membership:
    """Remember that the person uses this organization now, so that it stands first (ORG-1)."""
    membership.last_used_at = at
    with tenant_scope(membership.organization_id):
        membership.save(update_fields=["last_used_at"])
    return membership
