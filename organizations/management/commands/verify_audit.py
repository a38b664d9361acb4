"""`manage.py verify_audit`: prove that the audit logs are as they were written (ORG-16)."""

import sys
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from manager.kit.scope import tenant_scope
from organizations.audit.chain import verify_chain
from organizations.profile.models import Organization


class Command(BaseCommand):
    """Prove the chain of one organization, or of each."""

    help = "Prove the audit log's chain of seals; exits with 1 where one is broken."

    def add_arguments(self, parser: CommandParser) -> None:
        """Take an organization's id; without it all are proved."""
        parser.add_argument("--organization", type=int)

    def handle(self, *args: Any, **options: Any) -> None:
        """Print a line for each organization."""
        wanted = options["organization"]
        owners = Organization.objects.using("system").order_by("pk").values_list("pk", flat=True)
        broken = 0
        for owner in [wanted] if wanted else owners.iterator():
            with tenant_scope(owner):
                report = verify_chain(organization_id=owner)
            if report.is_whole:
                self.stdout.write(
                    f"ok      {owner}: {report.sealed} sealed, {report.waiting} waiting, head {report.head}"
                )
            else:
                broken += 1
                self.stdout.write(self.style.ERROR(f"BROKEN  {owner}: at position {report.broken_at}"))
        if broken:
            sys.exit(1)
