"""What the rehearsal adds to the page of renewals."""

from typing import Any

from billing.rehearsal.reasons import Reason
from billing.rehearsal.selectors import list_problems, rehearsed_at
from organizations.profile.models import Organization


def add_to_renewals(organization: Organization) -> dict[str, Any]:
    """Return the problems ahead, by product as well, and when they were looked for."""
    problems = list_problems(organization=organization)
    failing = {
        finding.product_id: problem
        for problem in reversed(problems)
        if problem.reason != Reason.TOO_LATE  # not a charge: its row says "By hand"
        for finding in problem.findings
        if finding.product_id
    }
    return {
        "problems": problems,
        "failing": failing,
        "rehearsed_at": rehearsed_at(organization=organization),
    }
