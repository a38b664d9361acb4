"""The right of the back office that this room guards."""

from django.utils.translation import gettext_lazy as _

from accounts.sessions.staff import register_right

EDIT_CATALOG = "products.edit_catalog"

register_right(EDIT_CATALOG, _("Edit the catalogue"))
