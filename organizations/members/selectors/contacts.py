"""Who gets an organization's administrative mails (ORG-11)."""

from dataclasses import dataclass

from django.db.models import Q, QuerySet

from accounts.users.models import User
from organizations.access.roles import UNRESTRICTED, Role
from organizations.members.models import Membership
from organizations.members.topics import NEEDS_BILLING, Topic


@dataclass(frozen=True, slots=True)
class Contact:
    """A person who gets an organization's mails."""

    user_id: int
    name: str
    email: str
    language: str


def contact_of(user: User) -> Contact:
    """Return a person as the receiver of a mail about himself or herself."""
    return Contact(user.pk, user.name, user.mail_address, user.language)


def list_contacts(*, organization_id: int, topic: str) -> list[Contact]:
    """Return who gets the mails of `topic`: who has chosen it, or gets it by right having chosen nothing.

    Where that is nobody, the legal representatives get them: somebody always does.
    """
    members = Membership.objects.select_related("user").filter(
        organization_id=organization_id, user__is_active=True
    )
    chosen = members.filter(_gets(topic)).order_by("id")
    return _contacts(chosen) or list_representatives(organization_id=organization_id)


def list_billing_contacts(*, organization_id: int) -> list[Contact]:
    """Return who gets invoices and what concerns payments."""
    return list_contacts(organization_id=organization_id, topic=Topic.BILLING)


def list_representatives(*, organization_id: int) -> list[Contact]:
    """Return the legal representatives, who are told of what touches the organization as a whole."""
    leaders = Membership.objects.select_related("user").filter(
        organization_id=organization_id, user__is_active=True, role=Role.LEGAL_REPRESENTATIVE
    )
    return _contacts(leaders.order_by("id"))


def phone_of_representatives(*, organization_id: int) -> str:
    """Return the number of the first legal representative who gave one, "" where nobody did."""
    leaders = Membership.objects.filter(
        organization_id=organization_id, user__is_active=True, role=Role.LEGAL_REPRESENTATIVE
    )
    phones = leaders.exclude(user__phone="").order_by("id").values_list("user__phone", flat=True)
    return phones.first() or ""


def list_administrators(*, organization_id: int) -> list[Contact]:
    """Return everybody who leads the organization: legal representatives and administrators."""
    leaders = Membership.objects.select_related("user").filter(
        organization_id=organization_id, user__is_active=True, role__in=sorted(UNRESTRICTED)
    )
    return _contacts(leaders.order_by("id"))


def _gets(topic: str) -> Q:
    """Return the condition of `effective_topics`, for the database."""
    if topic in NEEDS_BILLING:
        return Q(has_billing=True) & (Q(topics=None) | Q(topics__contains=[topic]))
    roles = UNRESTRICTED if topic == Topic.TECHNICAL else {Role.LEGAL_REPRESENTATIVE}
    return Q(topics=None, role__in=roles) | Q(topics__contains=[topic])


def _contacts(members: QuerySet[Membership]) -> list[Contact]:
    return [
        Contact(member.user_id, member.user.name, member.user.mail_address, member.user.language)
        for member in members
    ]
