"""Who may do what with a team (ORG-12).

Who manages members manages teams. A team's leader may besides take members of the organization into the own
team and out of it, and nothing more: what is granted to the team stays with those who lead the organization.
"""

from django.utils.translation import gettext_lazy as _

from manager.kit.errors import DomainError
from organizations.access.roles import Permission, Role, permissions_of
from organizations.members.models import Membership
from organizations.teams.models import Team


class TeamNotYours(DomainError):
    """The actor neither manages members nor leads this team."""

    code = "team_not_yours"
    status = 403
    message = _("Only administrators, legal representatives and the leader of the team may do this.")


class LeaderNotAllowed(DomainError):
    """Leaders see members, which external users do not."""

    code = "leader_not_allowed"
    status = 422
    field = "leader"
    message = _("An external user cannot lead a team. Please choose another member.")


class TeamNameTaken(DomainError):
    """Another team of the organization has this name."""

    code = "team_name_taken"
    status = 409
    field = "name"
    message = _("There is a team with this name already.")


def manages_members(membership: Membership) -> bool:
    """Return whether the member may create, change and delete teams."""
    return Permission.MEMBERS_MANAGE in permissions_of(membership.role, has_billing=False)


def may_staff(*, team: Team, membership: Membership) -> bool:
    """Return whether the member may take others into the team and out of it."""
    is_leader = team.leader_id == membership.pk and membership.role != Role.EXTERNAL
    return is_leader or manages_members(membership)


def check_may_staff(*, team: Team, membership: Membership) -> None:
    """Let those pass who may take members into the team and out of it.

    :raises TeamNotYours: the member may not.
    """
    if not may_staff(team=team, membership=membership):
        raise TeamNotYours


def check_may_lead(leader: Membership | None) -> None:
    """Let a leader pass who sees the members.

    :raises LeaderNotAllowed: an external user.
    """
    if leader is not None and leader.role == Role.EXTERNAL:
        raise LeaderNotAllowed
