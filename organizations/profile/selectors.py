"""Read organizations: one by its id, and all of a person for the switcher."""

from collections.abc import Sequence

from django.db.models import F

from manager.kit.scope import person_scope
from organizations.members.models import Membership


def list_organizations_of(user_id: int) -> Sequence[Membership]:
    """Return the person's memberships with their organizations, last used first, in one query (ORG-1).

    Runs in the person's own scope, so it works on any page: the database shows no one else's.
    """
    with person_scope(user_id):
        return list(
            Membership.objects.select_related("organization")
            .filter(user_id=user_id)
            .order_by(F("last_used_at").desc(nulls_last=True), "organization__name", "id")
        )
