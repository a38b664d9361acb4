"""`manage.py doctor`: what is wrong with this set-up."""

import sys
from typing import Any

from django.core.management.base import BaseCommand

from manager.kit.clock import now
from manager.shell.doctor.examine import examine


class Command(BaseCommand):
    """Look at everything that a working panel needs."""

    help = "Tell what is wrong with a set-up: database, row-level security, mail, beat, payments, secrets."
    requires_system_checks: list[str] = []

    def handle(self, *args: Any, **options: Any) -> None:
        """Print the table and exit with 1 when something is wrong."""
        findings = examine(at=now())
        width = max(len(finding.subject) for finding in findings)
        for finding in findings:
            mark = self.style.SUCCESS("ok   ") if finding.is_right else self.style.ERROR("WRONG")
            self.stdout.write(f"{mark}  {finding.subject:{width}}  {finding.detail}")
        count = sum(not finding.is_right for finding in findings)
        if count:
            self.stdout.write(self.style.ERROR(f"{count} of {len(findings)} need attention."))
            sys.exit(1)
        self.stdout.write(self.style.SUCCESS("Everything is as it should be."))
