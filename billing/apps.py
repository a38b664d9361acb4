"""The Django app `billing`."""

from django.apps import AppConfig


class BillingConfig(AppConfig):
    """Configuration of `billing`."""

    name = "billing"
