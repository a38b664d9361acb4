"""How the log of what was done names invoices, and where they are shown (ORG-16)."""

from django.utils.translation import gettext_lazy as _

from organizations.access.roles import Permission
from organizations.audit.subjects import SubjectKind, register_subject

register_subject(
    "invoice",
    SubjectKind(
        words=_("Invoice %(number)s"),
        unnamed=_("Pro forma %(number)s"),
        route="billing:invoice",
        permission=Permission.BILLING_VIEW,
    ),
)
