"""Passkeys and security keys as a kind of second factor."""

from dataclasses import replace

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django_otp_webauthn.models import WebAuthnCredential

from accounts.mfa.factors import AddedFactor, FactorKind, list_devices
from accounts.passkeys.services import SLUG
from accounts.sessions.passkey_hosts import can_have_passkeys
from accounts.users.models import User


def list_passkeys(user: User) -> list[AddedFactor]:
    """Return the person's passkeys, told apart by whether they are kept on one device only."""
    synced = set(
        WebAuthnCredential.objects.filter(user=user, backup_eligible=True).values_list("pk", flat=True)
    )
    return [
        replace(factor, hint=_("on all your devices") if factor.id in synced else _("on one device"))
        for factor in list_devices(user, slug=SLUG, model=WebAuthnCredential)
    ]


PASSKEY = FactorKind(
    slug=SLUG,
    label=gettext_lazy("Passkey"),
    description=gettext_lazy(
        "Your fingerprint, face or security key. It cannot be phished, and signs you in without a password."
    ),
    icon="fingerprint-pattern",
    order=15,
    list_added=list_passkeys,
    add_route="accounts:passkey_add",
    step_route="accounts:passkey_step",
    model=WebAuthnCredential,
    is_available=can_have_passkeys,
)
