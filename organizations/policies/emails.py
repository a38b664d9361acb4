"""The mails about a required second factor."""

from datetime import date, datetime

from django.urls import reverse
from django.utils import translation

from accounts.users.models import User
from organizations.access.roles import Role
from organizations.members.emails import mail_contact
from organizations.members.selectors import Contact, contact_of
from organizations.profile.models import Organization


def mail_factor_required(
    *,
    organization: Organization,
    user: User,
    required_on: date,
    days_left: int,
    dedupe_key: str,
    at: datetime,
) -> None:
    """Tell a member without a second factor from when the organization stays closed without one."""
    mail_contact(
        template="second_factor_required",
        organization=organization,
        contact=contact_of(user),
        facts={
            "required_on": required_on,
            "days_left": days_left,
            "path": reverse("accounts:security"),
        },
        dedupe_key=dedupe_key,
        at=at,
    )


def mail_policy_changed(
    *,
    organization: Organization,
    contact: Contact,
    roles: list[str],
    required_on: date | None,
    changed_by: str,
    dedupe_key: str,
    at: datetime,
) -> None:
    """Tell a legal representative what is demanded of whom from when; without a day: of nobody."""
    with translation.override(contact.language):
        names = ", ".join(str(Role(role).label) for role in Role.values if role in roles)
    mail_contact(
        template="second_factor_policy_changed",
        organization=organization,
        contact=contact,
        facts={
            "changed_by": changed_by,
            "roles": names,
            "required_on": required_on,
            "path": reverse("organizations:second_factor_policy", args=[organization.pk]),
        },
        dedupe_key=dedupe_key,
        at=at,
    )
