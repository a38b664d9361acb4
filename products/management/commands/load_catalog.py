"""`manage.py load_catalog`: bring the catalogue to what a file says."""

from argparse import ArgumentParser
from datetime import date
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from manager.kit.clock import now
from products.catalog.catalog_file import DEMONSTRATION, CatalogInvalid
from products.catalog.services import load_catalog


class Command(BaseCommand):
    """Load families, plans and prices from a YAML file; a second time changes nothing."""

    help = "Load the catalogue from a YAML file (the demonstration's unless one is named)."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Take the file and the first day of its prices."""
        parser.add_argument("path", nargs="?", type=Path, default=DEMONSTRATION)
        parser.add_argument("--on", type=date.fromisoformat, help="first day of new prices (today)")

    def handle(self, *_args: Any, **options: Any) -> None:
        """Load the file and say what has changed."""
        try:
            done = load_catalog(path=options["path"], on=options["on"] or now().date())
        except CatalogInvalid as error:
            raise CommandError(str(error)) from error
        self.stdout.write(
            f"{done.families} families, {done.plans} plans; "
            f"{done.prices_opened} prices opened, {done.prices_closed} closed."
        )
