"""The outbox: events that are stored with the change that caused them."""

from django.apps import AppConfig


class OutboxConfig(AppConfig):
    """The Django app of the outbox."""

    name = "manager.outbox"
    label = "outbox"
