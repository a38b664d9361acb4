"""`manage.py identity_report`: which photographs exist, and how old each is."""

import sys
from typing import Any

from django.core.management.base import BaseCommand

from accounts.identity.selectors import list_stored_files
from manager.kit.clock import now

FAULTS = {"old": "OLDER THAN 72 HOURS", "closed": "CASE IS CLOSED", "": "ok"}
GRACE = "The periodic work deletes them; does the beat run? See manage.py doctor."


class Command(BaseCommand):
    """Prove that photographs are deleted (ACC-12)."""

    help = "List every photograph of identity checks; ends with 1 when one exists that should be gone."

    def handle(self, *args: Any, **options: Any) -> None:
        """Print a line for each file, and a verdict."""
        files = list_stored_files(at=now())
        for one in files:
            hours = int(one.age.total_seconds() // 3600)
            what = f"case {one.case_id:<8} {one.page:10} {one.size // 1000:>6} kB {hours:>4} h"
            self.stdout.write(f"{what}  {FAULTS[one.fault]}")
        faults = [one for one in files if one.fault]
        self.stdout.write(f"{len(files)} photographs, {len(faults)} that should be gone.")
        if faults:
            self.stdout.write(GRACE)
            sys.exit(1)
