"""The right of the back office that this room guards."""

from django.utils.translation import gettext_lazy as _

from accounts.sessions.staff import register_right

LOOK_AFTER_DISPUTES = "billing.look_after_disputes"

register_right(LOOK_AFTER_DISPUTES, _("Look after disputes of payments"))
