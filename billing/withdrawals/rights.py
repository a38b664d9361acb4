"""The right of the back office that this room guards."""

from django.utils.translation import gettext_lazy as _

from accounts.sessions.staff import register_right

PAY_OUT = "billing.pay_out"

register_right(PAY_OUT, _("Approve and pay out withdrawals"))
