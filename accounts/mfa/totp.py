"""Authenticator apps (TOTP) as a kind of second factor."""

from django.utils.translation import gettext_lazy as _
from django_otp.plugins.otp_totp.models import TOTPDevice

from accounts.mfa.factors import FactorKind

SLUG = "totp"

TOTP = FactorKind(
    slug=SLUG,
    label=_("Authenticator app"),
    description=_("An app on your phone shows a new code every 30 seconds, also without a network."),
    icon="smartphone",
    order=20,
    model=TOTPDevice,
    add_route="accounts:totp_enable",
    step_route="accounts:second_step",
)
