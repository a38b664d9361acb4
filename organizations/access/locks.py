"""The lock under which members, teams and grants of an organization change."""

from organizations.profile.models import Organization


def lock_members(*, organization_id: int) -> None:
    """Wait for every other change of members in this organization; in the caller's transaction."""
    Organization.objects.select_for_update(of=("self",)).get(pk=organization_id)
