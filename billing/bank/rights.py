"""The right of the back office that this room guards."""

from django.utils.translation import gettext_lazy as _

from accounts.sessions.staff import register_right

LOOK_AFTER_BANK = "billing.look_after_bank"

register_right(LOOK_AFTER_BANK, _("Look after bank statements and match payments"))
