"""The outbox: events that are stored with the change that caused them."""

from importlib import import_module

from django.apps import AppConfig


class OutboxConfig(AppConfig):
    """The Django app of the outbox."""

    name = "manager.outbox"
    label = "outbox"

    def ready(self) -> None:
        """Look after the sender of text messages at each start of a command."""
        import_module("manager.outbox.checks")
