"""Answer a request for access."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from manager.kit.actor import Actor
from manager.kit.errors import DomainError, NotFound
from manager.kit.scope import tenant_scope
from manager.kit.status import transition
from manager.outbox.publish import publish
from organizations.access.locks import lock_members
from organizations.access.roles import UNRESTRICTED, Permission, permissions_of
from organizations.access.selectors import name_target
from organizations.audit.services import record_audit
from organizations.grants.rules import Target
from organizations.grants.services import grant_access
from organizations.members.models import Membership
from organizations.members.rules import RoleNotGivable
from organizations.members.selectors import get_member
from organizations.members.services import change_role
from organizations.requests.cures import Cure, cure_of, least_role_with
from organizations.requests.models import AccessRequest
from organizations.requests.selectors import get_request
from organizations.requests.status import TRANSITIONS, RequestStatus


class AlreadyAnswered(DomainError):
    """Somebody else was quicker, or the request was withdrawn."""

    code = "request_already_answered"
    status = 409
    message = _("This request has been answered already.")


def approve_request(
    *,
    organization_id: int,
    request_id: int,
    level: str = "",
    ends_at: datetime | None = None,
    approver: Membership,
    actor: Actor,
    at: datetime,
) -> AccessRequest:
    """Give what is asked for: write the grant (with another `level` or an end, if given), or the right.

    A right of a role comes with the billing right, or the role with the least rights that has it.
    Publishes `access_request.approved`.

    :raises NotFound: no such request.
    :raises AlreadyAnswered: it does not wait any more.
    :raises RoleNotGivable: the role to give is above the approver.
    :raises BillingNotGivable: the approver has no billing right to give.
    :raises UnknownGrant: the product is gone.
    :raises EndIsPast: the end has come already.
    """
    with tenant_scope(organization_id), transaction.atomic():
        request, asker = _lock(organization_id, request_id)
        if cure_of(request) == Cure.GRANT:
            _grant(
                request,
                asker,
                level=level or request.level,
                ends_at=ends_at,
                approver=approver,
                actor=actor,
                at=at,
            )
        else:
            _raise(request, asker, approver, actor, at)
        return _answer(request, RequestStatus.APPROVED, "", actor, at)


def refuse_request(
    *,
    organization_id: int,
    request_id: int,
    answer: str,
    refuser: Membership,
    actor: Actor,
    at: datetime,
) -> AccessRequest:
    """Refuse what is asked for, with the reason. Publishes `access_request.refused`.

    :raises NotFound: no such request.
    :raises AlreadyAnswered: it does not wait any more.
    :raises RoleNotGivable: the refuser leads nothing.
    """
    with tenant_scope(organization_id), transaction.atomic():
        request, _asker = _lock(organization_id, request_id)
        giver = get_member(organization_id=organization_id, membership_id=refuser.pk)
        if giver.role not in UNRESTRICTED:
            raise RoleNotGivable
        return _answer(request, RequestStatus.REFUSED, answer, actor, at)


def withdraw_request(
    *, organization_id: int, request_id: int, membership: Membership, actor: Actor, at: datetime
) -> AccessRequest:
    """Take back the member's own request. Publishes `access_request.withdrawn`.

    :raises NotFound: no such request of this member.
    :raises AlreadyAnswered: it does not wait any more.
    """
    with tenant_scope(organization_id), transaction.atomic():
        request, asker = _lock(organization_id, request_id)
        if asker.pk != membership.pk:
            raise NotFound
        return _answer(request, RequestStatus.WITHDRAWN, "", actor, at)


def close_orphans(*, organization_id: int, actor: Actor, at: datetime) -> int:
    """Withdraw the open requests of people who are no members any more; return how many."""
    with tenant_scope(organization_id), transaction.atomic():
        orphans = AccessRequest.objects.select_for_update(of=("self",)).select_related("user")
        orphans = orphans.filter(organization_id=organization_id, membership=None, status=RequestStatus.OPEN)
        return len([_answer(request, RequestStatus.WITHDRAWN, "", actor, at) for request in orphans])


def _lock(organization_id: int, request_id: int) -> tuple[AccessRequest, Membership]:
    lock_members(organization_id=organization_id)
    request = get_request(organization_id=organization_id, request_id=request_id, lock=True)
    if request.status != RequestStatus.OPEN or request.membership is None:
        raise AlreadyAnswered
    return request, request.membership


def _grant(
    request: AccessRequest,
    asker: Membership,
    *,
    level: str,
    ends_at: datetime | None,
    approver: Membership,
    actor: Actor,
    at: datetime,
) -> None:
    if asker.role in UNRESTRICTED:
        return  # A role given meanwhile sees everything: the answer is yes.
    grant_access(
        organization_id=request.organization_id,
        membership_id=asker.pk,
        targets=[Target(request.family, request.product_id)],
        level=level,
        ends_at=ends_at,
        granter=approver,
        actor=actor,
        at=at,
    )


def _raise(
    request: AccessRequest, asker: Membership, approver: Membership, actor: Actor, at: datetime
) -> None:
    wanted = Permission(request.permission)
    if wanted in permissions_of(asker.role, has_billing=asker.has_billing):
        return
    is_billing = cure_of(request) == Cure.BILLING
    change_role(
        organization_id=request.organization_id,
        membership_id=asker.pk,
        role=asker.role if is_billing else least_role_with(wanted),
        has_billing=True if is_billing else asker.has_billing,
        changer=approver,
        actor=actor,
        at=at,
    )


def _answer(request: AccessRequest, status: str, answer: str, actor: Actor, at: datetime) -> AccessRequest:
    transition(request, status, TRANSITIONS)
    request.answer = answer
    request.decided_at = at
    request.decided_by_id = actor.user_id
    request.save(update_fields=["status", "answer", "decided_at", "decided_by"])
    record_audit(
        organization_id=request.organization_id,
        name=f"access_request.{status}",
        actor=actor,
        at=at,
        subject=request.user,
        what=request.permission
        or name_target(
            organization_id=request.organization_id, family=request.family, product_id=request.product_id
        ),
        answer=answer,
    )
    publish(
        f"access_request.{status}",
        organization_id=request.organization_id,
        payload={"access_request": request.pk},
        at=at,
    )
    return request
