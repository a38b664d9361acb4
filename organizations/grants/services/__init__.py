"""What can be done with grants."""

from organizations.grants.services.end import end_all_grants, end_grant, expire_grant
from organizations.grants.services.give import grant_access

__all__ = ["end_all_grants", "end_grant", "expire_grant", "grant_access"]
