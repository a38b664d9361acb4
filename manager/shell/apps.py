"""The frame around all pages: menu, switcher, search, errors, health."""

from django.apps import AppConfig


class ShellConfig(AppConfig):
    """The Django app of the shell; the last one, so that it may know everybody."""

    name = "manager.shell"
    label = "shell"

    def ready(self) -> None:
        """Install the wiring of events and names of months; look after the keys of files at each start."""
        from django.core.checks import Tags, register

        from manager import wiring
        from manager.outbox import registry
        from manager.shell.doctor.keys import examine_files_keys
        from manager.shell.formats.months import use_month_names

        register(examine_files_keys, Tags.security)

        registry.install(wiring.HANDLERS)
        use_month_names()
