"""Grant products to members of limited roles."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from manager.kit.actor import Actor
from manager.kit.errors import DomainError, NotFound
from manager.kit.scope import tenant_scope
from organizations.access.choices import find_product_choices
from organizations.access.models import Grant
from organizations.access.roles import UNRESTRICTED
from organizations.audit.services import record_audit
from organizations.members.models import Membership
from organizations.members.rules import check_role_givable, lock_members
from organizations.members.selectors import get_member


class GrantNotNeeded(DomainError):
    """The member's role sees every product."""

    code = "grant_not_needed"
    status = 409
    message = _("This role sees every product already.")


class UnknownGrant(DomainError):
    """What was to be granted is not a family, nor a product of this organization."""

    code = "unknown_product"
    status = 422
    field = "what"
    message = _("Please choose a family or a product from the list.")


def grant_access(
    *,
    organization_id: int,
    membership_id: int,
    family: str = "",
    product_id: int | None = None,
    level: str,
    granter: Membership,
    actor: Actor,
    at: datetime,
) -> Grant:
    """Let a member see or manage one product or a family (ORG-13); an earlier grant of it is replaced.

    :raises NotFound: no such member in this organization.
    :raises GrantNotNeeded: the member's role sees everything.
    :raises RoleNotGivable: the member's role is above the granter.
    :raises UnknownGrant: no such family, and no such product of this organization.
    """
    with tenant_scope(organization_id), transaction.atomic():
        lock_members(organization_id=organization_id)
        member = get_member(organization_id=organization_id, membership_id=membership_id)
        if member.role in UNRESTRICTED:
            raise GrantNotNeeded
        # As it is now: the granter's own role may have changed while this one waited.
        giver = get_member(organization_id=organization_id, membership_id=granter.pk)
        check_role_givable(giver=giver, roles={member.role})
        choices = find_product_choices(organization_id)
        if not choices.has(family=family, product_id=product_id):
            raise UnknownGrant
        grant, _created = Grant.objects.update_or_create(
            organization_id=organization_id,
            membership=member,
            family=family,
            product_id=product_id,
            defaults={"level": level, "created_at": at},
        )
        name = choices.name_of(family=family, product_id=product_id)
        record_audit(
            organization_id=organization_id,
            name="grant.given",
            actor=actor,
            at=at,
            subject=member.user,
            level=str(level),
            what=name,
        )
    return grant


def revoke_grant(
    *, organization_id: int, membership_id: int, grant_id: int, actor: Actor, at: datetime
) -> None:
    """End a grant (ORG-13).

    :raises NotFound: the member has no such grant.
    """
    with tenant_scope(organization_id), transaction.atomic():
        grant = (
            Grant.objects.select_for_update(of=("self",))
            .select_related("membership__user")
            .filter(organization_id=organization_id, membership_id=membership_id, pk=grant_id)
            .first()
        )
        if grant is None:
            raise NotFound
        choices = find_product_choices(organization_id)
        record_audit(
            organization_id=organization_id,
            name="grant.revoked",
            actor=actor,
            at=at,
            subject=grant.membership.user,
            what=choices.name_of(family=grant.family, product_id=grant.product_id),
        )
        grant.delete()
