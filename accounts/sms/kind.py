"""Codes by SMS as a kind of second factor."""

from django.utils.translation import gettext_lazy as _

from accounts.mfa.factors import FactorKind
from accounts.sms.models import SmsFactor
from accounts.sms.selectors import SLUG
from manager.outbox.sms import can_send_sms

SMS = FactorKind(
    slug=SLUG,
    label=_("Code by SMS"),
    description=_("We send a code to your mobile number. Better than nothing, but the others are safer."),
    icon="message-square-text",
    order=40,
    model=SmsFactor,
    add_route="accounts:sms_add",
    step_route="accounts:sms_step",
    is_available=can_send_sms,
)
