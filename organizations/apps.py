"""The Django app `organizations`."""

from django.apps import AppConfig


class OrganizationsConfig(AppConfig):
    """Configuration of `organizations`."""

    name = "organizations"
