"""Read what an organization demands of logins."""

from django.db.models import Count

from organizations.members.factors import without_factor
from organizations.members.models import Membership
from organizations.policies.models import SecondFactorPolicy


def find_second_factor_policy(*, organization_id: int) -> SecondFactorPolicy | None:
    """Return what is demanded, with who demanded it, or None."""
    policies = SecondFactorPolicy.objects.select_related("set_by")
    return policies.filter(organization_id=organization_id).first()


def count_missing_by_role(*, organization_id: int) -> dict[str, int]:
    """Return by role how many members have no second factor; in one query."""
    missing = Membership.objects.filter(without_factor(), organization_id=organization_id)
    return dict(missing.order_by().values_list("role").annotate(count=Count("pk")))
