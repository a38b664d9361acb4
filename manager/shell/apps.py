"""The frame around all pages: menu, switcher, search, errors, health."""

from django.apps import AppConfig


class ShellConfig(AppConfig):
    """The Django app of the shell; the last one, so that it may know everybody."""

    name = "manager.shell"
    label = "shell"

    def ready(self) -> None:
        """Install the wiring of events."""
        from manager import wiring
        from manager.outbox import registry

        registry.install(wiring.HANDLERS)
