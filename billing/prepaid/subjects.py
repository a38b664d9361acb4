"""How the log of what was done names the prepaid account, and where it is shown (ORG-16)."""

from django.utils.translation import gettext_lazy as _

from organizations.access.roles import Permission
from organizations.audit.subjects import SubjectKind, register_subject

register_subject(
    "prepaidsettings",
    SubjectKind(
        words=_("Prepaid account"),
        route="billing:prepaid",
        permission=Permission.BILLING_VIEW,
        has_page=False,
    ),
)
