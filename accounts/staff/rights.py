"""The rights of the back office that this room guards."""

from django.utils.translation import gettext_lazy as _

from accounts.sessions.staff import register_right

SEE_STAFF = "accounts.see_staff"

register_right(SEE_STAFF, _("See the staff"))
