"""The mail about charges that will fail."""

from collections.abc import Sequence
from datetime import datetime

from django.urls import reverse

from billing.receivers.mailing import mail_billing
from billing.rehearsal.selectors import Problem
from organizations.profile.models import Organization


def mail_problems(*, organization: Organization, problems: Sequence[Problem], key: str, at: datetime) -> None:
    """Queue one mail per contact, in the contact's language, about all problems together."""
    mail_billing(
        template="rehearsal_found",
        organization=organization,
        message=None,
        key=f"rehearsal:{key}",
        context={
            "problems": problems,
            "renewals_path": reverse("billing:renewals", args=[organization.pk]),
        },
        at=at,
    )
