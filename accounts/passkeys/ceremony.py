"""What we ask of passkeys: the device must have verified its owner, and may offer to sign in by itself."""

from typing import Any

from django_otp_webauthn.helpers import WebAuthnHelper
from django_otp_webauthn.models import WebAuthnUserHandle
from webauthn.helpers.structs import (
    AuthenticatorSelectionCriteria,
    ResidentKeyRequirement,
    UserVerificationRequirement,
)

from accounts.users.models import User


class Ceremony(WebAuthnHelper):
    """Options for the browser, and the check of what it answers."""

    def __init__(self, *, name: str = "") -> None:
        super().__init__(request=None)
        self.name = name

    def get_credential_display_name(self, user: Any) -> str:
        """Return the person's name, by which a phone lists the passkey."""
        return str(user.name)

    def get_generate_registration_options_kwargs(self, *, user: Any) -> dict[str, Any]:
        """Ask for user verification, as a passkey alone opens the account, and for one that is found."""
        kwargs: dict[str, Any] = super().get_generate_registration_options_kwargs(user=user)
        kwargs["authenticator_selection"] = AuthenticatorSelectionCriteria(
            user_verification=UserVerificationRequirement.REQUIRED,
            resident_key=ResidentKeyRequirement.PREFERRED,
        )
        return kwargs

    def create_credential(self, *args: Any, **kwargs: Any) -> Any:
        """Give the row the person's name for it."""
        credential = super().create_credential(*args, **kwargs)
        credential.name = self.name
        return credential


def is_handle_of(user: User, handle: bytes | None) -> bool:
    """Return whether the passkey's own note of whose it is fits; devices may leave it out."""
    if handle is None:
        return True
    return bool(WebAuthnUserHandle.get_handle_for_user(user) == handle)
