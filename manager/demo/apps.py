"""The demonstration: its data, its inbox and its embedded services."""

from django.apps import AppConfig


class DemoConfig(AppConfig):
    """The Django app of the demonstration."""

    name = "manager.demo"
    label = "demo"
