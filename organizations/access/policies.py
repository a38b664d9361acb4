"""What the guards ask besides rights: whether the member's login is as safe as the organization demands."""

from datetime import datetime, timedelta

from django.utils.translation import gettext_lazy as _

from accounts.users.selectors import has_second_factor
from manager.kit.clock import day_in
from manager.kit.errors import DomainError
from manager.kit.scope import tenant_scope
from organizations.members.models import Membership
from organizations.policies.models import SecondFactorPolicy

SEEN_EVERY = timedelta(minutes=15)


class SecondFactorMissing(DomainError):
    """The organization demands a second factor of this role, and the person has none (INC-14)."""

    code = "second_factor_required"
    status = 403
    message = _("This organization asks for a second factor. Please set one up in your account first.")


def find_policy(membership: Membership) -> SecondFactorPolicy | None:
    """Return the policy that concerns the member's role, or None; reads nothing where it was joined in."""
    policy: SecondFactorPolicy | None = getattr(membership.organization, "second_factor_policy", None)
    return policy if policy is not None and membership.role in policy.roles else None


def lacks_factor(membership: Membership) -> SecondFactorPolicy | None:
    """Return the policy that the member does not meet, whether or not its day has come; else None."""
    policy = find_policy(membership)
    return policy if policy is not None and not has_second_factor(membership.user) else None


def check_policies(membership: Membership, *, at: datetime) -> None:
    """Let the member pass whose login is as safe as the organization demands.

    :raises SecondFactorMissing: the day has come, and the member has no second factor.
    """
    policy = lacks_factor(membership)
    if policy is not None and policy.is_due(day_in(membership.organization.time_zone, at)):
        raise SecondFactorMissing(since=policy.required_on.isoformat())


def note_visit(membership: Membership, *, at: datetime) -> None:
    """Keep when the member was last here, to a quarter of an hour; for the members' table.

    A guest is no row, and no update finds one.
    """
    seen = membership.last_seen_at
    if seen is None or at - seen > SEEN_EVERY:
        with tenant_scope(membership.organization_id):
            Membership.objects.filter(pk=membership.pk).update(last_seen_at=at)
