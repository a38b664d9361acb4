"""Read members and invitations."""

from collections.abc import Collection
from datetime import datetime

from django.db.models import BooleanField, ExpressionWrapper, F, Prefetch, QuerySet, Value
from django.db.models.functions import Coalesce, Concat, Lower

from accounts.users.models import User
from accounts.users.selectors import matching
from manager.kit.keyset import SortKey
from manager.kit.prepared import Prepared
from manager.kit.scope import tenant_scope
from organizations.access.roles import Role
from organizations.members.factors import with_factor, without_factor
from organizations.members.models import Membership
from organizations.profile.models import Organization
from organizations.teams.models import TeamMembership

# The table of members is in the order in which they joined.
NEVER = datetime.fromisoformat("1970-01-01T00:00:00+00:00")
# A person's organizations are in the order of their last use.
BY_USE = SortKey(
    Coalesce(F("last_used_at"), Value(NEVER)),
    lambda row: (row.last_used_at or NEVER).isoformat(),
    datetime.fromisoformat,
)
BY_JOINING = SortKey(F("created_at"), lambda row: row.created_at.isoformat(), datetime.fromisoformat)


def list_memberships_of(*, user: User) -> QuerySet[Membership]:
    """Return the person's memberships with what the switcher shows, last used first, in one query (ORG-1).

    The database shows them in the person's scope.
    """
    return _memberships_of(user.pk)


def list_latest_memberships(*, user: User, limit: int) -> list[Membership]:
    """Return the first of `list_memberships_of`."""
    return _LATEST.fetch(user_id=user.pk, limit=limit)


def _memberships_of(user_id: int) -> QuerySet[Membership]:
    return (
        Membership.objects.select_related("organization__summary")
        .filter(user_id=user_id)
        .order_by(F("last_used_at").desc(nulls_last=True), "organization__name", "id")
    )


_LATEST: Prepared[Membership] = Prepared(
    lambda user_id, limit: _memberships_of(user_id)[:limit], shape=["limit"], planned_once=True
)


MEMBER_ORDERS = {
    "joined": BY_JOINING,
    "name": SortKey(F("sort_name"), lambda row: row.sort_name),
    "role": SortKey(F("role"), lambda row: row.role),
    "seen": SortKey(
        Coalesce(F("last_seen_at"), Value(NEVER)),
        lambda row: (row.last_seen_at or NEVER).isoformat(),
        datetime.fromisoformat,
    ),
}


def list_members(
    *,
    organization: Organization,
    role: str = "",
    has_billing: bool | None = None,
    search: str = "",
    lacks_factor: bool = False,
) -> QuerySet[Membership]:
    """Return the members with their users, filtered by role, billing right, and a part of name or e-mail.

    Each has `sort_name`. With `lacks_factor` only those without a second factor.
    """
    members = Membership.objects.select_related("user").filter(organization_id=organization.pk)
    members = members.annotate(sort_name=Lower(Concat("user__last_name", Value(" "), "user__first_name")))
    if lacks_factor:
        members = members.filter(without_factor())
    if role:
        members = members.filter(role=role)
    if has_billing is not None:
        members = members.filter(has_billing=has_billing)
    return members.filter(matching(search, via="user__")).order_by("id")


def with_details(members: QuerySet[Membership]) -> QuerySet[Membership]:
    """Return `members` with what the table tells to who manages them: `has_factor`, and their teams."""
    teams = Prefetch(
        "team_places", queryset=TeamMembership.objects.select_related("team").order_by("team__name")
    )
    return members.annotate(
        has_factor=ExpressionWrapper(with_factor(), output_field=BooleanField())
    ).prefetch_related(teams)


def list_members_by_id(*, organization_id: int, ids: Collection[int]) -> list[Membership]:
    """Return those of the members that `ids` names, with their users."""
    members = Membership.objects.select_related("user").filter(organization_id=organization_id, pk__in=ids)
    return list(members.order_by("id"))


def is_only_representative(membership: Membership, *, representatives: int) -> bool:
    """Return whether `membership` is the one that ORG-9 keeps."""
    return membership.role == Role.LEGAL_REPRESENTATIVE and representatives <= 1


def count_representatives(*, organization_id: int) -> int:
    """Return how many legal representatives the organization has."""
    with tenant_scope(organization_id):
        return Membership.objects.filter(
            organization_id=organization_id, role=Role.LEGAL_REPRESENTATIVE
        ).count()
