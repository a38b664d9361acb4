"""How the log of what was done names orders, and where they are shown (ORG-16)."""

from django.utils.translation import gettext_lazy as _

from organizations.access.roles import Permission
from organizations.audit.subjects import SubjectKind, register_subject

register_subject(
    "order",
    SubjectKind(unnamed=_("Order %(number)s"), route="billing:order", permission=Permission.BILLING_VIEW),
)
