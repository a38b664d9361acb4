"""The visit of support in an organization: entered on purpose, as long as the access lives (ORG-15)."""

from typing import Any

from accounts.sessions.guards import SAFE, PersonRequest
from accounts.sessions.staff import rights_of
from manager.kit.scope import tenant_scope
from organizations.access.decisions import Access, Guest, Standing
from organizations.access.guests import Visit
from organizations.access.roles import SUPPORT, Permission
from organizations.members.models import Membership
from organizations.profile.models import Organization
from organizations.support.contents import PLAN_KINDS, scope_of
from organizations.support.models import SupportGrant, SupportKind
from organizations.support.rights import SUPPORT_ACCESS
from organizations.support.services import journal_use
from organizations.support.services.journal import acting_for

MARKER = "support_access"

SEEN = frozenset({Permission.ORGANIZATION_VIEW, Permission.PRODUCTS_VIEW})
SEEN_OF_THE_ACCOUNT = frozenset({Permission.MEMBERS_VIEW, Permission.AUDIT_VIEW})
DONE_WITH_CONTENTS = frozenset({Permission.PRODUCTS_MANAGE})


def mark(session: Any, *, organization_id: int, grants: list[SupportGrant]) -> None:
    """Note in the session where its person has entered, and by which access: no other opens anything."""
    session[MARKER] = {"organization": organization_id, "grants": [grant.pk for grant in grants]}


def unmark(session: Any) -> int | None:
    """Forget the visit; return in which organization it was."""
    marker = session.pop(MARKER, None)
    return marker["organization"] if marker else None


def visited_id(session: Any) -> int | None:
    """Return in which organization the person of the session has entered, or None."""
    marker = session.get(MARKER)
    return marker["organization"] if marker else None


def find_support_visit(request: PersonRequest, organization_id: int) -> Visit | None:
    """Return the visit of a member of the staff, after writing down the request; None without one.

    It takes all of: staff with the right, a second factor in this session, a visit begun here on purpose,
    and access that lives now.
    """
    marker = request.session.get(MARKER)
    if marker is None or marker["organization"] != organization_id:
        return None
    is_verified = request.user.is_verified()  # type: ignore[attr-defined]  # by django-otp's middleware
    if not is_verified or SUPPORT_ACCESS not in rights_of(request.user):
        return None
    grants = journal_use(
        organization_id=organization_id,
        grant_ids=marker["grants"],
        method="GET" if request.method in SAFE else str(request.method),
        path=request.path,
        actor=request.actor,
        at=request.at,
    )
    if not grants:
        unmark(request.session)
        return None
    return _visit(request, organization_id, grants)


def _visit(request: PersonRequest, organization_id: int, grants: list[SupportGrant]) -> Visit:
    kinds = tuple(grant.kind for grant in grants)
    with tenant_scope(organization_id, 0):
        organization = Organization.objects.select_related("second_factor_policy").get(pk=organization_id)
        scope = scope_of(organization_id=organization_id, kinds=kinds)
    ends_at = max(grant.ends_at for grant in grants if grant.ends_at is not None)
    guest = Guest(can=permissions_by(kinds), product_scope=scope, ends_at=ends_at)
    membership = Membership(pk=0, organization=organization, user=request.user, role=SUPPORT)
    access = Access(
        organization=organization,
        membership=membership,
        can=guest.can,
        product_scope=scope,
        standing=Standing(membership, (), guest),
    )
    labels = tuple(str(SupportKind(kind).label) for kind in kinds)
    return Visit(access=access, actor=acting_for(request.actor, grants), ends_at=ends_at, kinds=labels)


def permissions_by(kinds: tuple[str, ...]) -> frozenset[Permission]:
    """Return what support may do with access to these kinds: never billing, members or the organization."""
    can = SEEN
    if SupportKind.ACCOUNT in kinds:
        can |= SEEN_OF_THE_ACCOUNT
    if any(kind in PLAN_KINDS for kind in kinds):
        can |= DONE_WITH_CONTENTS
    return can
