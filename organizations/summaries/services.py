"""Keep ready what the switcher tells."""

from datetime import date

from organizations.access.roles import Role
from organizations.members.models import Membership
from organizations.summaries.models import OrganizationSummary


def note_representatives(*, organization_id: int) -> None:
    """Store how many legal representatives there are; in the transaction that changed them (ORG-2)."""
    count = Membership.objects.filter(organization_id=organization_id, role=Role.LEGAL_REPRESENTATIVE).count()
    OrganizationSummary.objects.update_or_create(
        organization_id=organization_id, defaults={"representatives": count}
    )


def write_alerts(*, organization_id: int, unpaid: int, held: int, expiring: int, on: date) -> None:
    """Store what needs attention in an organization, as counted on the day `on` (ORG-1)."""
    OrganizationSummary.objects.update_or_create(
        organization_id=organization_id,
        defaults={"unpaid": unpaid, "held": held, "expiring": expiring, "counted_on": on},
    )
