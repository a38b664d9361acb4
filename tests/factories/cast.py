"""People and organizations for tests of what lies above them."""

from datetime import UTC, datetime
from itertools import count

from django.test import Client

from accounts.users.models import User
from manager.kit.actor import Actor, ActorKind
from manager.kit.scope import tenant_scope
from organizations.access.models import Grant
from organizations.access.roles import Role
from organizations.members.models import Membership
from organizations.profile.models import Organization
from organizations.profile.services import create_organization

AT = datetime(2026, 1, 10, 9, 0, tzinfo=UTC)

_numbers = count(1)


def make_person(name: str = "Alice Meier", **fields: object) -> User:
    """Return a new user without a usable password; `client_of` signs him or her in."""
    first, _, last = name.partition(" ")
    user = User(
        email=f"{first.lower()}-{next(_numbers)}@example.com",
        first_name=first,
        last_name=last,
        email_confirmed_at=AT,
        created_at=AT,
        **fields,
    )
    user.set_unusable_password()
    user.save()
    return user


def make_tenant(
    owner: User | None = None,
    *,
    name: str = "Example AG",
    country: str = "CH",
    time_zone: str = "Europe/Zurich",
) -> Organization:
    """Return a new organization, made by its verb, whose legal representative with billing is `owner`."""
    owner = owner or make_person()
    return create_organization(
        name=name,
        kind="company",
        country=country,
        owner=owner,
        actor=Actor(ActorKind.PERSON, owner.pk, owner.name),
        at=AT,
        time_zone=time_zone,
    )


def make_member(
    organization: Organization,
    role: str = Role.COLLABORATOR,
    *,
    name: str = "Bob Rossi",
    has_billing: bool = False,
) -> User:
    """Return a new user who is a member of `organization` with `role`."""
    user = make_person(name)
    with tenant_scope(organization.pk):
        Membership.objects.create(
            organization=organization, user=user, role=role, has_billing=has_billing, created_at=AT
        )
    return user


def grant(
    organization: Organization,
    user: User,
    level: str = "view",
    *,
    product_id: int | None = None,
    family: str = "",
) -> None:
    """Give a member one product, or one family, to view or to manage (ORG-13)."""
    with tenant_scope(organization.pk):
        membership = Membership.objects.get(organization=organization, user=user)
        Grant.objects.create(
            organization=organization,
            membership=membership,
            product_id=product_id,
            family=family,
            level=level,
            created_at=AT,
            starts_at=AT,
        )


def client_of(user: User) -> Client:
    """Return a test client in which `user` is signed in."""
    client = Client()
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    return client
