"""Invitations and memberships for tests, made by their verbs."""

from collections.abc import Sequence
from datetime import datetime

from accounts.users.models import User
from manager.kit.actor import Actor, ActorKind
from manager.kit.scope import tenant_scope
from organizations.access.roles import Role
from organizations.members.models import Invitation, Membership
from organizations.members.services import invite_members
from organizations.profile.models import Organization
from tests.factories.cast import AT


def actor_of(user: User) -> Actor:
    """Return the person as the author of a change."""
    return Actor(ActorKind.PERSON, user.pk, user.name)


def membership_of(organization: Organization, user: User) -> Membership | None:
    """Return the person's membership as it stands in the database, or None."""
    with tenant_scope(organization.pk):
        return Membership.objects.select_related("user", "organization").filter(user=user).first()


def first_representative(organization: Organization) -> Membership:
    """Return the legal representative who has been a member for longest."""
    with tenant_scope(organization.pk):
        members = Membership.objects.select_related("user").filter(role=Role.LEGAL_REPRESENTATIVE)
        return members.order_by("id")[0]


def invite_all(
    organization: Organization,
    emails: Sequence[str],
    *,
    role: str = Role.COLLABORATOR,
    has_billing: bool = False,
    at: datetime = AT,
) -> list[Invitation]:
    """Invite each address in the name of a legal representative."""
    inviter = first_representative(organization)
    return invite_members(
        organization_id=organization.pk,
        emails=emails,
        role=role,
        has_billing=has_billing,
        inviter=inviter,
        actor=actor_of(inviter.user),
        at=at,
    )


def invite(organization: Organization, email: str, **details: object) -> Invitation:
    """Invite one address; see `invite_all`."""
    return invite_all(organization, [email], **details)[0]  # type: ignore[arg-type]
