"""The Django app `accounts`."""

from importlib import import_module

from django.apps import AppConfig

# The kinds of second factors: module and name of each (accounts/mfa/factors.py).
FACTOR_KINDS = (
    ("accounts.authenticator.kind", "AUTHENTICATOR"),
    ("accounts.mfa.totp", "TOTP"),
    ("accounts.passkeys.kind", "PASSKEY"),
    ("accounts.sms.kind", "SMS"),
)


class AccountsConfig(AppConfig):
    """Configuration of `accounts`."""

    name = "accounts"

    def ready(self) -> None:
        """Tell the OpenAPI document of the token; name the rights of the back office."""
        from accounts.mfa.factors import register_factor_kind

        for module, kind in FACTOR_KINDS:
            register_factor_kind(getattr(import_module(module), kind))
        import_module("accounts.tokens.openapi")
        import_module("accounts.staff.rights")
        import_module("accounts.identity.rights")
