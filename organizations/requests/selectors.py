"""Read requests for access."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import QuerySet

from accounts.users.selectors import matching
from manager.kit.errors import NotFound, Text
from manager.kit.scope import tenant_scope
from organizations.access.decisions import giving
from organizations.access.models import Level
from organizations.access.roles import PERMISSION_LABELS, Permission
from organizations.access.selectors import name_targets
from organizations.members.models import Membership
from organizations.requests.models import AccessRequest
from organizations.requests.status import RequestStatus


@dataclass(frozen=True, slots=True)
class NamedRequest:
    """A request with the name of what is asked for."""

    request: AccessRequest
    what: Text


def list_requests(*, organization_id: int, status: str = "", search: str = "") -> QuerySet[AccessRequest]:
    """Return the organization's requests with who asked and who decided.

    What a person asked for who was removed meanwhile waits no more.
    """
    requests = AccessRequest.objects.filter(organization_id=organization_id)
    requests = requests.exclude(status=RequestStatus.OPEN, membership=None)
    if status:
        requests = requests.filter(status=status)
    requests = requests.filter(matching(search, via="user__"))
    return requests.select_related("user", "decided_by", "membership__user")


def list_own_requests(*, membership: Membership, limit: int = 20) -> list[AccessRequest]:
    """Return what a member has asked for, newest first."""
    own = list_requests(organization_id=membership.organization_id).filter(membership_id=membership.pk)
    return list(own.order_by("-id")[:limit])


def count_open_requests(*, organization_id: int) -> int:
    """Return how many requests wait for an answer."""
    waiting = AccessRequest.objects.filter(organization_id=organization_id, status=RequestStatus.OPEN)
    return waiting.exclude(membership=None).count()


def name_requests(*, organization_id: int, requests: Sequence[AccessRequest]) -> list[NamedRequest]:
    """Return requests with names, in their order; at most two queries, however many requests."""
    names = name_targets(
        organization_id=organization_id,
        families={request.family for request in requests if request.family},
        product_ids={request.product_id for request in requests if request.product_id is not None},
    )
    return [NamedRequest(request, _what(request, names)) for request in requests]


def _what(request: AccessRequest, names: dict[str | int | None, str]) -> Text:
    if request.permission:
        return PERMISSION_LABELS[Permission(request.permission)]
    return names[request.family or request.product_id]


def get_request(*, organization_id: int, request_id: int, lock: bool = False) -> AccessRequest:
    """Return a request with who asked, locked if asked.

    :raises NotFound: no such request in this organization.
    """
    requests = AccessRequest.objects.filter(organization_id=organization_id, pk=request_id)
    if lock:
        requests = requests.select_for_update(of=("self",))
    found = requests.select_related("user", "membership__user", "organization").first()
    if found is None:
        raise NotFound
    return found


def list_givers(*, organization_id: int, permission: str) -> list[Membership]:
    """Return the members who can give what is asked for, with their users."""
    with tenant_scope(organization_id):
        givers = Membership.objects.filter(
            giving(permission), organization_id=organization_id, user__is_active=True
        )
        return list(givers.select_related("user").order_by("-role", "id")[:20])


def level_label(request: AccessRequest) -> Text:
    """Return how far what is asked for reaches; nothing for a right of a role."""
    return Level(request.level).label if request.level else ""
