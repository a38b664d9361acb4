"""What can be done with an organization."""

from organizations.profile.services.create import create_organization
from organizations.profile.services.edit import edit_organization
from organizations.profile.services.logo import remove_logo, set_logo
from organizations.profile.services.register import register_customer, register_invited
from organizations.profile.services.switch import switch_organization
from organizations.profile.services.vat import request_vat_check

__all__ = [
    "create_organization",
    "edit_organization",
    "register_customer",
    "register_invited",
    "remove_logo",
    "request_vat_check",
    "set_logo",
    "switch_organization",
]
