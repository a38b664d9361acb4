"""An organization as the switcher shows it (ORG-1)."""

from typing import Any

from manager.kit.addresses import organization_url
from organizations.members.models import Membership
from organizations.summaries.selectors import alerts_for


def describe(membership: Membership, *, is_current: bool) -> dict[str, Any]:
    """Return what the switcher shows of one of the person's organizations."""
    organization = membership.organization
    return {
        "id": organization.pk,
        "name": organization.name,
        "initials": organization.initials,
        "role_label": membership.get_role_display(),
        "url": organization_url("organizations:switch", organization.pk),
        "current": is_current,
        "alerts": alerts_for(membership),
    }
