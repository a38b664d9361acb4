"""`manage.py tick`: all periodic work as of a moment, until nothing is left."""

from argparse import ArgumentParser
from datetime import UTC, date, datetime, time
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from manager.kit.clock import now
from manager.schedule import tick

# Noon in UTC, so that a bare date is that date in nearly every zone.
NOON = time(12, tzinfo=UTC)


def parse_moment(value: str) -> datetime:
    """Return the instant of an ISO date (noon UTC) or an ISO instant.

    :raises ValueError: it is neither.
    """
    if len(value) == len("2027-03-01"):
        return datetime.combine(date.fromisoformat(value), NOON)
    moment = datetime.fromisoformat(value)
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


class Command(BaseCommand):
    """Do all periodic work: renewals, reminders, expiry, provisioning, events, mails."""

    help = "Do all periodic work as of a moment (now unless --at is given), until nothing is left."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Add `--at`."""
        parser.add_argument("--at", help="an ISO date or instant, such as 2027-03-01")

    def handle(self, *args: Any, **options: Any) -> None:
        """Run and print what was done."""
        try:
            at = parse_moment(options["at"]) if options["at"] else now()
        except ValueError as error:
            raise CommandError(f"--at takes an ISO date or instant: {error}") from None
        report = tick(at=at)
        self.stdout.write(f"All periodic work as of {at:%Y-%m-%d %H:%M} UTC")
        for name, count in report.done.items():
            note = f"failed: {report.failed[name]}" if name in report.failed else ""
            self.stdout.write(f"  {name:<16} {count:>8}  {note}".rstrip())
        if report.failed:
            raise CommandError(f"This failed and is tried again by the next tick: {', '.join(report.failed)}")
