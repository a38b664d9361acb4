"""Read what the switcher tells."""

from organizations.access.roles import UNRESTRICTED
from organizations.members.models import Membership
from organizations.summaries.models import OrganizationSummary


def find_summary(membership: Membership) -> OrganizationSummary | None:
    """Return the numbers of the membership's organization, which the caller has joined in."""
    return getattr(membership.organization, "summary", None)


def alerts_for(membership: Membership) -> int:
    """Return how many things need the member's attention: only what the role and the billing right show.

    Money is told to who has the billing right; products to who sees all of them (ORG-13).
    """
    summary = find_summary(membership)
    if summary is None:
        return 0
    money = summary.unpaid + summary.held if membership.has_billing else 0
    return money + (summary.expiring if membership.role in UNRESTRICTED else 0)
