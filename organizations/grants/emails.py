"""The mail about access that has ended."""

from datetime import datetime

from django.urls import reverse

from organizations.access.models import Grant
from organizations.access.selectors import name_target
from organizations.members.emails import mail_contact
from organizations.members.models import Membership
from organizations.members.selectors import contact_of


def mail_access_ended(*, grant: Grant, member: Membership, dedupe_key: str, at: datetime) -> None:
    """Tell a member what the end of a grant has taken away, and where to ask for it again."""
    mail_contact(
        template="access_ended",
        organization=grant.organization,
        contact=contact_of(member.user),
        facts={
            "what": name_target(
                organization_id=grant.organization_id, family=grant.family, product_id=grant.product_id
            ),
            "level": grant.level,
            "team": grant.team.name if grant.team else "",
            "path": reverse("organizations:my_access", args=[grant.organization_id]),
        },
        dedupe_key=dedupe_key,
        at=at,
    )
