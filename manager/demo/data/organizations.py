"""The organizations of the demonstration: four, in two currencies, with members in every role."""

from dataclasses import dataclass, field
from datetime import datetime

from accounts.users.models import User
from manager.kit.actor import Actor, ActorKind
from manager.kit.scope import tenant_scope
from organizations.access.roles import Role
from organizations.grants.rules import Target
from organizations.grants.services import grant_access
from organizations.members.models import Membership
from organizations.members.services import invite_members
from organizations.profile.models import Organization
from organizations.profile.services import create_organization


@dataclass(frozen=True, slots=True)
class Tenant:
    """An organization of the demonstration; `members` are (person, role, billing right)."""

    key: str
    name: str
    kind: str
    street: str
    postal_code: str
    city: str
    country: str
    owner: str
    language: str
    vat_number: str = ""
    members: tuple[tuple[str, str, bool], ...] = ()
    invited: tuple[str, ...] = field(default=())


TENANTS = (
    Tenant(
        "alpina",
        "Alpina Web GmbH",
        "company",
        "Bahnhofstrasse 12",
        "3600",
        "Thun",
        "CH",
        "anna",
        "de",
        members=(
            ("luc", Role.ADMINISTRATOR, True),
            ("sofia", Role.COLLABORATOR, False),
            ("jonas", Role.EXTERNAL, False),
        ),
        invited=("nina@demo.example",),
    ),
    Tenant(
        "dupont",
        "Boulangerie Dupont SARL",
        "company",
        "8 rue des Lilas",
        "69003",
        "Lyon",
        "FR",
        "claire",
        "fr",
        members=(("elena", Role.ADMINISTRATOR, True), ("anna", Role.ADMINISTRATOR, False)),
    ),
    Tenant(
        "seeclub",
        "Seeclub Thun",
        "association",
        "Seestrasse 40",
        "3600",
        "Thun",
        "CH",
        "peter",
        "de",
        members=(("anna", Role.EXTERNAL, False),),
    ),
    Tenant("bianchi", "Marco Bianchi", "private", "Via Roma 5", "20121", "Milano", "IT", "marco", "it"),
)

# What those without an unrestricted role see: (family, level).
GRANTS = {"Sofia": ("web", "manage"), "Jonas": ("web", "view"), "Anna": ("web", "view")}


def acting(user: User) -> Actor:
    """Return a person of the demonstration as the author of a change."""
    return Actor(ActorKind.PERSON, user.pk, user.name, address="127.0.0.1")


def found_organizations(*, users: dict[str, User], at: datetime) -> dict[str, Organization]:
    """Create the organizations with their members and invitations; return them by key."""
    return {tenant.key: _found(tenant, users, at) for tenant in TENANTS}


def _found(tenant: Tenant, users: dict[str, User], at: datetime) -> Organization:
    owner = users[tenant.owner]
    organization = create_organization(
        name=tenant.name,
        kind=tenant.kind,
        country=tenant.country,
        owner=owner,
        actor=acting(owner),
        at=at,
        street=tenant.street,
        postal_code=tenant.postal_code,
        city=tenant.city,
        vat_number=tenant.vat_number,
        language=tenant.language,
    )
    with tenant_scope(organization.pk, owner.pk):
        for key, role, has_billing in tenant.members:
            Membership.objects.create(
                organization=organization, user=users[key], role=role, has_billing=has_billing, created_at=at
            )
    return organization


def invite_and_grant(*, organizations: dict[str, Organization], users: dict[str, User], at: datetime) -> None:
    """Leave open invitations, and give those without an unrestricted role something to see (ORG-13)."""
    for tenant in TENANTS:
        organization, owner = organizations[tenant.key], users[tenant.owner]
        with tenant_scope(organization.pk, owner.pk):
            leader = Membership.objects.get(organization=organization, user=owner)
            if tenant.invited:
                invite_members(
                    organization_id=organization.pk,
                    emails=list(tenant.invited),
                    role=Role.COLLABORATOR,
                    has_billing=False,
                    inviter=leader,
                    actor=acting(owner),
                    at=at,
                )
            limited = Membership.objects.filter(
                organization=organization, role__in=[Role.COLLABORATOR, Role.EXTERNAL]
            )
            for member in limited.select_related("user"):
                _grant(leader, member, at)


def _grant(leader: Membership, member: Membership, at: datetime) -> None:
    family, level = GRANTS[member.user.first_name]
    grant_access(
        organization_id=member.organization_id,
        membership_id=member.pk,
        targets=[Target(family=family)],
        level=level,
        granter=leader,
        actor=acting(leader.user),
        at=at,
    )
