"""Authenticator apps (TOTP) as a kind of second factor."""

from django.utils.translation import gettext_lazy as _
from django_otp.plugins.otp_totp.models import TOTPDevice

from accounts.mfa.factors import AddedFactor, FactorKind, list_devices
from accounts.users.models import User

SLUG = "totp"


def list_totp(user: User) -> list[AddedFactor]:
    """Return the person's authenticator apps."""
    return list_devices(user, slug=SLUG, model=TOTPDevice)


TOTP = FactorKind(
    slug=SLUG,
    label=_("Authenticator app"),
    description=_("An app on your phone shows a new code every 30 seconds, also without a network."),
    icon="smartphone",
    order=20,
    list_added=list_totp,
    add_route="accounts:totp_enable",
    step_route="accounts:second_step",
    model=TOTPDevice,
)
