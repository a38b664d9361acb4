"""The Django app `accounts`."""

from importlib import import_module

from django.apps import AppConfig


class AccountsConfig(AppConfig):
    """Configuration of `accounts`."""

    name = "accounts"

    def ready(self) -> None:
        """Tell the OpenAPI document of the token; name the rights of the back office."""
        import_module("accounts.tokens.openapi")
        import_module("accounts.staff.rights")
        import_module("accounts.identity.rights")
