"""The right of the back office that this room guards."""

from django.utils.translation import gettext_lazy as _

from accounts.sessions.staff import register_right

RENEWAL_WARRANTY = "products.renewal_warranty"

register_right(RENEWAL_WARRANTY, _("Look after domains under Renewal Warranty"))
