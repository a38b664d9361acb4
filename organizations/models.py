"""The models of the rooms of `organizations`."""

from organizations.access.models import Grant
from organizations.audit.models import AuditEvent
from organizations.members.models import Invitation, Membership
from organizations.profile.models import Organization

__all__ = ["AuditEvent", "Grant", "Invitation", "Membership", "Organization"]
