"""The rights of the back office that this room guards."""

from django.utils.translation import gettext_lazy as _

from accounts.sessions.staff import register_right

LOOK_AFTER_ORDERS = "billing.look_after_orders"
EDIT_HOLD_RULES = "billing.edit_hold_rules"

register_right(LOOK_AFTER_ORDERS, _("Look after orders, also those that are held"))
register_right(EDIT_HOLD_RULES, _("Edit the rules that hold orders"))
