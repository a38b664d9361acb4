"""The vocabulary of rights: permissions, roles, and the one table between them (ORG-6)."""

from enum import StrEnum

from django.db import models
from django.utils.translation import gettext_lazy as _


class Permission(StrEnum):
    """What a page or an operation may demand of a member."""

    ORGANIZATION_VIEW = "organization:view"
    ORGANIZATION_MANAGE = "organization:manage"
    MEMBERS_VIEW = "members:view"
    MEMBERS_MANAGE = "members:manage"
    AUDIT_VIEW = "audit:view"
    PRODUCTS_VIEW = "products:view"
    PRODUCTS_MANAGE = "products:manage"
    PRODUCTS_ORDER = "products:order"
    BILLING_VIEW = "billing:view"
    BILLING_MANAGE = "billing:manage"


class Role(models.TextChoices):
    """What a member is in an organization."""

    LEGAL_REPRESENTATIVE = "legal_representative", _("Legal representative")
    ADMINISTRATOR = "administrator", _("Administrator")
    COLLABORATOR = "collaborator", _("Collaborator")
    EXTERNAL = "external", _("External user")


# Roles that see every product; the others see what a grant names (ORG-13).
UNRESTRICTED = frozenset({Role.LEGAL_REPRESENTATIVE, Role.ADMINISTRATOR})

_EVERYBODY = frozenset({Permission.ORGANIZATION_VIEW, Permission.PRODUCTS_VIEW})
_LEADING = _EVERYBODY | {
    Permission.ORGANIZATION_MANAGE,
    Permission.MEMBERS_VIEW,
    Permission.MEMBERS_MANAGE,
    Permission.AUDIT_VIEW,
    Permission.PRODUCTS_MANAGE,
}

ROLE_PERMISSIONS: dict[str, frozenset[Permission]] = {
    Role.LEGAL_REPRESENTATIVE: _LEADING,
    Role.ADMINISTRATOR: _LEADING,
    Role.COLLABORATOR: _EVERYBODY | {Permission.MEMBERS_VIEW, Permission.PRODUCTS_MANAGE},
    Role.EXTERNAL: _EVERYBODY | {Permission.PRODUCTS_MANAGE},
}

# Each role comes with or without these.
BILLING_PERMISSIONS = frozenset(
    {Permission.BILLING_VIEW, Permission.BILLING_MANAGE, Permission.PRODUCTS_ORDER}
)


def permissions_of(role: str, *, has_billing: bool) -> frozenset[Permission]:
    """Return what a member with `role` may do, with or without the billing right."""
    granted = ROLE_PERMISSIONS[role]
    return granted | BILLING_PERMISSIONS if has_billing else granted
