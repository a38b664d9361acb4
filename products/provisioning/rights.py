"""The right of the back office that this room guards."""

from django.utils.translation import gettext_lazy as _

from accounts.sessions.staff import register_right

MEND_SERVICES = "products.mend_services"

register_right(MEND_SERVICES, _("Mend what could not be set up"))
