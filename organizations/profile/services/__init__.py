"""What can be done with an organization."""

from organizations.profile.services.create import create_organization
from organizations.profile.services.edit import edit_organization
from organizations.profile.services.register import register_customer, register_invited
from organizations.profile.services.switch import switch_organization

__all__ = [
    "create_organization",
    "edit_organization",
    "register_customer",
    "register_invited",
    "switch_organization",
]
