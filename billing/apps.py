"""The Django app `billing`."""

from django.apps import AppConfig


class BillingConfig(AppConfig):
    """Configuration of `billing`."""

    name = "billing"

    def ready(self) -> None:
        """Register the start-up check of the payment providers."""
        from billing.gateway import checks  # noqa: F401 - settings have to be loaded first
