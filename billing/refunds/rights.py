"""The right of the back office that this room guards."""

from django.utils.translation import gettext_lazy as _

from accounts.sessions.staff import register_right

GIVE_REFUNDS = "billing.give_refunds"

register_right(GIVE_REFUNDS, _("Give refunds"))
