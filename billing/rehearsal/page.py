"""What the rehearsal adds to the page of renewals."""

from typing import Any

from billing.rehearsal.selectors import list_problems, rehearsed_at
from organizations.profile.models import Organization


def add_to_renewals(organization: Organization) -> dict[str, Any]:
    """Return the problems ahead and when they were looked for."""
    return {
        "problems": list_problems(organization=organization),
        "rehearsed_at": rehearsed_at(organization=organization),
    }
