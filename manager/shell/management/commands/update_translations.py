"""`manage.py update_translations`: what `make messages` runs."""

from typing import Any

from django.core.management.base import BaseCommand

from manager.shell.languages.update import update_catalogues


class Command(BaseCommand):
    """Bring the catalogues up to date with the sources."""

    help = "Add new texts to the catalogues in locale/ and remove those that are no longer used."
    requires_system_checks: list[str] = []

    def handle(self, *args: Any, **options: Any) -> None:
        """Update all catalogues and say how much is left to translate."""
        for language, missing in update_catalogues().items():
            self.stdout.write(f"{language}: {missing} texts without a translation")
