"""The right of the back office that this room guards."""

from django.utils.translation import gettext_lazy as _

from accounts.sessions.staff import register_right

MANAGE_VAT = "billing.manage_vat"

register_right(MANAGE_VAT, _("Manage VAT"))
