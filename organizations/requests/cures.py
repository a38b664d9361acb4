"""What would give a member what is asked for: a grant, the billing right, or another role."""

from enum import StrEnum

from organizations.access.roles import BILLING_PERMISSIONS, ROLE_PERMISSIONS, Permission, Role
from organizations.requests.models import AccessRequest


class Cure(StrEnum):
    """Kinds of what approving a request does."""

    GRANT = "grant"
    BILLING = "billing"
    ROLE = "role"


# From the least to the most that a role allows; who asks for a right is given no more than it needs.
RISING = (Role.EXTERNAL, Role.COLLABORATOR, Role.ADMINISTRATOR)


def cure_of(request: AccessRequest) -> Cure:
    """Return what approving `request` does."""
    if not request.permission:
        return Cure.GRANT
    return Cure.BILLING if request.permission in BILLING_PERMISSIONS else Cure.ROLE


def least_role_with(permission: str) -> Role:
    """Return the role with the least rights that has `permission`."""
    return next(role for role in RISING if Permission(permission) in ROLE_PERMISSIONS[role])


def can_be_asked(permission: str) -> bool:
    """Return whether a member may ask for `permission`: some right can give it, and not everybody has it."""
    return permission in set(Permission) and permission not in ROLE_PERMISSIONS[Role.EXTERNAL]
