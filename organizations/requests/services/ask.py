"""Ask for access."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from manager.kit.actor import Actor
from manager.kit.errors import DomainError, NotFound
from manager.kit.scope import tenant_scope
from manager.outbox.publish import publish
from organizations.access.choices import ProductRef, find_products, list_family_choices
from organizations.access.decisions import Standing, explain, find_standing
from organizations.access.locks import lock_members
from organizations.access.models import Level
from organizations.access.roles import UNRESTRICTED, Permission
from organizations.access.selectors import name_target
from organizations.audit.services import record_audit
from organizations.grants.rules import Target
from organizations.members.models import Membership
from organizations.members.selectors import get_member
from organizations.requests.cures import can_be_asked
from organizations.requests.models import AccessRequest
from organizations.requests.status import RequestStatus

MOST_OPEN = 20


class AlreadyAllowed(DomainError):
    """The member has what is asked for."""

    code = "already_allowed"
    status = 409
    message = _("You have this right already.")


class TooManyRequests(DomainError):
    """The member waits for too many answers."""

    code = "too_many_requests_open"
    status = 409
    message = _("You are waiting for many answers already. Please withdraw a request first.")


def ask_access(
    *,
    membership: Membership,
    permission: str = "",
    target: Target | None = None,
    level: str = "",
    message: str = "",
    actor: Actor,
    at: datetime,
) -> AccessRequest:
    """Ask those who can give it for a right of a role, or for a product or family to view or manage (UI-6).

    What has been asked for and not been answered is asked once: the earlier request takes the new message
    and the higher level. Publishes `access_request.made` for a new one.

    :raises NotFound: there is no such right, family, or product that the member sees.
    :raises AlreadyAllowed: the member has it.
    :raises TooManyRequests: twenty requests of the member wait.
    """
    organization_id = membership.organization_id
    target = target or Target()
    with tenant_scope(organization_id), transaction.atomic():
        lock_members(organization_id=organization_id)
        asker = get_member(organization_id=organization_id, membership_id=membership.pk)
        _check(find_standing(membership=asker, at=at), permission, target, level)
        waiting = AccessRequest.objects.select_for_update(of=("self",)).filter(
            organization_id=organization_id, user_id=asker.user_id, status=RequestStatus.OPEN
        )
        same = waiting.filter(
            permission=permission, family=target.family, product_id=target.product_id
        ).first()
        if same is not None:
            return _merge(same, asker, level, message)
        if waiting.count() >= MOST_OPEN:
            raise TooManyRequests
        request = AccessRequest.objects.create(
            organization_id=organization_id,
            membership=asker,
            user_id=asker.user_id,
            permission=permission,
            family=target.family,
            product_id=target.product_id,
            level=level,
            message=message,
            created_at=at,
        )
        record_audit(
            organization_id=organization_id,
            name="access_request.made",
            actor=actor,
            at=at,
            subject=asker.user,
            what=permission
            or name_target(
                organization_id=organization_id, family=target.family, product_id=target.product_id
            ),
            level=level,
        )
        publish(
            "access_request.made",
            organization_id=organization_id,
            payload={"access_request": request.pk},
            at=at,
        )
    return request


def _check(standing: Standing, permission: str, target: Target, level: str) -> None:
    if permission:
        if target != Target() or level or not can_be_asked(permission):
            raise NotFound
        if explain(standing=standing, permission=Permission(permission)).allowed:
            raise AlreadyAllowed
        return
    if level not in Level.values or bool(target.family) == (target.product_id is not None):
        raise NotFound
    if target.family:
        _check_family(standing, target.family, level)
    else:
        _check_product(standing, target.product_id or 0, level)


def _check_family(standing: Standing, family: str, level: str) -> None:
    if family not in dict(list_family_choices()):
        raise NotFound
    scope = standing.product_scope
    families = scope.managed_families if level == Level.MANAGE else scope.families
    if standing.membership.role in UNRESTRICTED or family in families:
        raise AlreadyAllowed


def _check_product(standing: Standing, product_id: int, level: str) -> None:
    """Let a product pass that the member sees; others do not exist for the member."""
    found = find_products(standing.membership.organization_id, ids=[product_id])
    product = found[0] if found else ProductRef(product_id, "", "")
    if (
        not found
        or not explain(standing=standing, permission=Permission.PRODUCTS_VIEW, product=product).allowed
    ):
        raise NotFound
    if level == Level.VIEW:
        raise AlreadyAllowed
    if explain(standing=standing, permission=Permission.PRODUCTS_MANAGE, product=product).allowed:
        raise AlreadyAllowed


def _merge(request: AccessRequest, asker: Membership, level: str, message: str) -> AccessRequest:
    """Take the higher level and the new words into the request that waits."""
    request.membership = asker
    request.level = Level.MANAGE if Level.MANAGE in (level, request.level) else request.level
    request.message = message or request.message
    request.save(update_fields=["membership", "level", "message"])
    return request
