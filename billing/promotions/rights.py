"""The right of the back office that this room guards."""

from django.utils.translation import gettext_lazy as _

from accounts.sessions.staff import register_right

MANAGE_PROMOTIONS = "billing.manage_promotions"

register_right(MANAGE_PROMOTIONS, _("Manage promotional codes and free credits"))
