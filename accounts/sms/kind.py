"""Codes by SMS as a kind of second factor."""

from django.utils.translation import gettext_lazy as _

from accounts.mfa.factors import AddedFactor, FactorKind, list_devices
from accounts.sms.models import SmsFactor
from accounts.sms.selectors import SLUG
from accounts.users.models import User
from manager.outbox.sms import can_send_sms


def list_sms(user: User) -> list[AddedFactor]:
    """Return the person's numbers."""
    return list_devices(user, slug=SLUG, model=SmsFactor)


SMS = FactorKind(
    slug=SLUG,
    label=_("Code by SMS"),
    description=_("We send a code to your mobile number. Better than nothing, but the others are safer."),
    icon="message-square-text",
    order=40,
    list_added=list_sms,
    add_route="accounts:sms_add",
    step_route="accounts:sms_step",
    model=SmsFactor,
    is_available=can_send_sms,
)
