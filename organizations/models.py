"""The models of the rooms of `organizations`."""

from organizations.access.models import Grant
from organizations.audit.models import AuditEvent, AuditSeal
from organizations.members.models import Invitation, Membership
from organizations.policies.models import SecondFactorPolicy
from organizations.profile.models import Organization
from organizations.requests.models import AccessRequest
from organizations.teams.models import InvitationTeam, Team, TeamMembership
from organizations.summaries.models import OrganizationSummary

__all__ = [
    "AuditEvent",
    "AuditSeal",
    "Grant",
    "Invitation",
    "Membership",
    "Organization",
    "OrganizationSummary",
    "SecondFactorPolicy",
]
