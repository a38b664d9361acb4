"""The right of the back office that this room guards."""

from django.utils.translation import gettext_lazy as _

from accounts.sessions.staff import register_right

SUPPORT_ACCESS = "organizations.support_access"

register_right(SUPPORT_ACCESS, _("Work in organizations that gave support access"))
