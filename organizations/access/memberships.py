"""Find memberships: by id, and the one that a person means who names none."""

from django.db.models import F

from manager.kit.errors import NotFound
from manager.kit.scope import person_scope
from organizations.members.models import Membership


def get_member(*, organization_id: int, membership_id: int) -> Membership:
    """Return a member with its user.

    :raises NotFound: no such member in this organization.
    """
    members = Membership.objects.select_related("user").filter(organization_id=organization_id)
    member = members.filter(pk=membership_id).first()
    if member is None:
        raise NotFound
    return member


def find_last_used_id(*, user_id: int) -> int | None:
    """Return the id of the organization that the person used last, or None without any."""
    with person_scope(user_id):
        return (
            Membership.objects.filter(user_id=user_id)
            .order_by(F("last_used_at").desc(nulls_last=True), "id")
            .values_list("organization_id", flat=True)
            .first()
        )
