"""Register a new customer: the person and, unless invited, an organization."""

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from accounts.users.models import User
from accounts.users.services import register_user
from manager.kit.actor import Actor, ActorKind
from organizations.members.models import Membership
from organizations.members.selectors import get_invitation_by_key
from organizations.members.services import accept_invitation
from organizations.members.services.accept import check_acceptable
from organizations.profile.models import Kind, Organization
from organizations.profile.services.create import create_organization


@dataclass(frozen=True, slots=True)
class Person:
    """What a new customer tells of himself or herself (ACC-1)."""

    email: str
    first_name: str
    last_name: str
    phone: str
    password: str
    language: str


@dataclass(frozen=True, slots=True)
class Registered:
    """What a registration made; the membership only for who followed an invitation."""

    user: User
    organization: Organization | None = None
    membership: Membership | None = None


@transaction.atomic
def register_customer(
    *, person: Person, kind: str, company_name: str, country: str, actor: Actor, at: datetime
) -> Registered | None:
    """Create the person and an organization named after the person or the company (ACC-1).

    Returns None where the address is somebody's login already: its owner is told by mail, and the
    caller answers exactly as for a new one (INC-8).

    :raises WeakPassword: the password does not meet the rules.
    """
    user = _register(person, actor, at, is_confirmed=False)
    # Nobody is stored: foreign keys are checked at the end of a transaction, and this part is undone. So a
    # known address takes as long as a new one.
    owner = user or User(pk=0, email=person.email, first_name=person.first_name, last_name=person.last_name)
    with transaction.atomic():
        organization = create_organization(
            name=company_name.strip() if kind != Kind.PRIVATE else owner.name[:120],
            kind=kind,
            country=country,
            owner=owner,
            actor=_as_person(owner, actor),
            at=at,
        )
        transaction.set_rollback(user is None)
    return Registered(user, organization=organization) if user else None


@transaction.atomic
def register_invited(*, person: Person, key: str, actor: Actor, at: datetime) -> Registered | None:
    """Create the person only, and accept the invitation that led here (ACC-1, ORG-7).

    The address of the login is the invited one, whatever `person` says; as the link was mailed to it,
    it is confirmed. Returns None where it is somebody's login already.

    :raises NotFound: there is no such open invitation.
    :raises InvitationExpired: it is older than seven days.
    :raises WeakPassword: the password does not meet the rules.
    """
    invitation = get_invitation_by_key(key=key)
    check_acceptable(invitation, at)
    user = _register(person, actor, at, is_confirmed=True, email=invitation.email)
    if user is None:
        return None
    membership = accept_invitation(key=key, user=user, actor=_as_person(user, actor), at=at)
    return Registered(user, membership=membership)


def _register(
    person: Person, actor: Actor, at: datetime, *, is_confirmed: bool, email: str = ""
) -> User | None:
    return register_user(
        email=email or person.email,
        first_name=person.first_name,
        last_name=person.last_name,
        password=person.password,
        phone=person.phone,
        language=person.language,
        email_confirmed=is_confirmed,
        actor=actor,
        at=at,
    )


def _as_person(user: User, visitor: Actor) -> Actor:
    return Actor(ActorKind.PERSON, user.pk, user.name, address=visitor.address, agent=visitor.agent)
