"""How the log of what was done names withdrawals, and where they are shown (ORG-16)."""

from django.utils.translation import gettext_lazy as _

from organizations.access.roles import Permission
from organizations.audit.subjects import SubjectKind, register_subject

register_subject(
    "withdrawal",
    SubjectKind(
        words=_("Withdrawal"),
        route="billing:withdrawals",
        permission=Permission.BILLING_VIEW,
        has_page=False,
    ),
)
