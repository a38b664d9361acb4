"""`manage.py import_statement FILE…`: keep bank statements and book what is certain (BIL-17)."""

import sys
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from billing.bank.periodic import drain_bank
from billing.bank.services import import_statement
from billing.bank.status import Source
from manager.kit.actor import Actor
from manager.kit.clock import now
from manager.kit.errors import DomainError


class Command(BaseCommand):
    """Read camt.053 and camt.054 files; the same file again changes nothing."""

    help = "Keep bank statements (camt.053, camt.054); ends with 1 when one of them is refused."

    def add_arguments(self, parser: CommandParser) -> None:
        """Take the files."""
        parser.add_argument("files", nargs="+", metavar="FILE", help="a camt.053 or camt.054 file")

    def handle(self, *args: Any, **options: Any) -> None:
        """Keep each file, then look at all entries; a line for each file."""
        actor, at, refused = Actor.system("import_statement"), now(), 0
        for name in options["files"]:
            path = Path(name)
            try:
                kept = import_statement(
                    content=path.read_bytes(), name=path.name, source=Source.COMMAND, actor=actor, at=at
                )
            except (DomainError, OSError) as error:
                self.stderr.write(f"{name}: refused, {error}")
                refused += 1
                continue
            said = f"{kept.entries} new entries" if kept.is_new else "known already, nothing changed"
            self.stdout.write(f"{name}: {said}")
        drain_bank(at=at)
        if refused:
            sys.exit(1)
