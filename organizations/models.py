"""The models of the rooms of `organizations`."""

from organizations.access.models import Grant
from organizations.audit.models import AuditEvent, AuditSeal
from organizations.members.models import Invitation, Membership
from organizations.policies.models import SecondFactorPolicy
from organizations.profile.models import Logo, Organization, VatCheck
from organizations.progress.models import Task
from organizations.requests.models import AccessRequest
from organizations.summaries.models import OrganizationSummary
from organizations.support.models import SupportGrant
from organizations.teams.models import InvitationTeam, Team, TeamMembership
from organizations.webhooks.models import WebhookEndpoint, WebhookMessage

__all__ = [
    "AccessRequest",
    "AuditEvent",
    "AuditSeal",
    "Grant",
    "Invitation",
    "InvitationTeam",
    "Logo",
    "Membership",
    "Organization",
    "OrganizationSummary",
    "SecondFactorPolicy",
    "SupportGrant",
    "Task",
    "Team",
    "TeamMembership",
    "VatCheck",
    "WebhookEndpoint",
    "WebhookMessage",
]
