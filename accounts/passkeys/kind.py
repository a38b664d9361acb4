"""Passkeys and security keys as a kind of second factor."""

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django_otp_webauthn.models import WebAuthnCredential

from accounts.mfa.factors import FactorKind
from accounts.passkeys.services import SLUG
from accounts.sessions.passkey_hosts import can_have_passkeys


def tell_place(passkey: WebAuthnCredential) -> str:
    """Return whether a passkey is kept on one device only."""
    return _("on all your devices") if passkey.backup_eligible else _("on one device")


PASSKEY = FactorKind(
    slug=SLUG,
    label=gettext_lazy("Passkey"),
    description=gettext_lazy(
        "Your fingerprint, face or security key. It cannot be phished, and signs you in without a password."
    ),
    icon="fingerprint-pattern",
    order=15,
    model=WebAuthnCredential,
    add_route="accounts:passkey_add",
    step_route="accounts:passkey_step",
    hint_of=tell_place,
    is_available=can_have_passkeys,
)
