"""What can be done with an organization's demands on logins."""

from organizations.policies.services.remind import remind_members
from organizations.policies.services.require import lift_second_factor, require_second_factor

__all__ = ["lift_second_factor", "remind_members", "require_second_factor"]
