"""The vocabulary of rights: permissions, roles, and the one table between them (ORG-6)."""

from enum import StrEnum

from django.db import models
from django.utils.translation import gettext_lazy as _

from manager.kit.errors import Text


class Permission(StrEnum):
    """What a page or an operation may demand of a member."""

    # What only a member has here: a place to leave, mails to choose, access to ask for.
    MEMBERSHIP_OWN = "membership:own"
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


# What a permission allows, in the words of the page that refuses it.
PERMISSION_LABELS: dict[str, Text] = {
    Permission.MEMBERSHIP_OWN: _("Be a member of the organization"),
    Permission.ORGANIZATION_VIEW: _("See the organization"),
    Permission.ORGANIZATION_MANAGE: _("Edit the organization"),
    Permission.MEMBERS_VIEW: _("See the members"),
    Permission.MEMBERS_MANAGE: _("Manage the members"),
    Permission.AUDIT_VIEW: _("Read the audit log"),
    Permission.PRODUCTS_VIEW: _("See products"),
    Permission.PRODUCTS_MANAGE: _("Manage products"),
    Permission.PRODUCTS_ORDER: _("Order products"),
    Permission.BILLING_VIEW: _("See invoices and payments"),
    Permission.BILLING_MANAGE: _("Manage billing"),
}


class Role(models.TextChoices):
    """What a member is in an organization."""

    LEGAL_REPRESENTATIVE = "legal_representative", _("Legal representative")
    ADMINISTRATOR = "administrator", _("Administrator")
    COLLABORATOR = "collaborator", _("Collaborator")
    EXTERNAL = "external", _("External user")


# What the operator's support is while it works in an organization (ORG-15): no role of a member, and it
# brings no right by itself.
SUPPORT = "support"

# Roles that see every product; the others see what a grant names (ORG-13).
UNRESTRICTED = frozenset({Role.LEGAL_REPRESENTATIVE, Role.ADMINISTRATOR})

_EVERYBODY = frozenset({Permission.MEMBERSHIP_OWN, Permission.ORGANIZATION_VIEW, Permission.PRODUCTS_VIEW})
_LEADING = _EVERYBODY | {
    Permission.ORGANIZATION_MANAGE,
    Permission.MEMBERS_VIEW,
    Permission.MEMBERS_MANAGE,
    Permission.AUDIT_VIEW,
    Permission.PRODUCTS_MANAGE,
}

# Roles that a member may give, by the giver's own role (ORG-8).
GIVES: dict[str, frozenset[str]] = {
    Role.LEGAL_REPRESENTATIVE: frozenset(Role),
    Role.ADMINISTRATOR: frozenset(Role) - {Role.LEGAL_REPRESENTATIVE},
    Role.COLLABORATOR: frozenset(),
    Role.EXTERNAL: frozenset(),
    SUPPORT: frozenset(),
}

ROLE_PERMISSIONS: dict[str, frozenset[Permission]] = {
    Role.LEGAL_REPRESENTATIVE: _LEADING,
    Role.ADMINISTRATOR: _LEADING,
    Role.COLLABORATOR: _EVERYBODY | {Permission.MEMBERS_VIEW, Permission.PRODUCTS_MANAGE},
    Role.EXTERNAL: _EVERYBODY | {Permission.PRODUCTS_MANAGE},
    SUPPORT: frozenset(),
}

# Each role comes with or without these.
BILLING_PERMISSIONS = frozenset(
    {Permission.BILLING_VIEW, Permission.BILLING_MANAGE, Permission.PRODUCTS_ORDER}
)


def role_label(role: str) -> Text:
    """Return what a role is called."""
    return _("Support") if role == SUPPORT else Role(role).label


def permissions_of(role: str, *, has_billing: bool) -> frozenset[Permission]:
    """Return what a member with `role` may do, with or without the billing right."""
    granted = ROLE_PERMISSIONS[role]
    return granted | BILLING_PERMISSIONS if has_billing else granted
