"""`manage.py ledger_proof`: whether documents, payments and balances agree with the ledger."""

import sys
from typing import Any

from django.core.management.base import BaseCommand

from billing.proof.comparisons import COMPARISONS
from billing.proof.services import count_compared, find_differences


class Command(BaseCommand):
    """Prove the ledger now, without writing anything (BIL-15)."""

    help = "Compare documents, payments and balances with the ledger; ends with 1 when something differs."

    def handle(self, *args: Any, **options: Any) -> None:
        """Print a line for each comparison, each difference, and a verdict."""
        findings = find_differences()
        for one in COMPARISONS:
            found = [finding for finding in findings if finding.comparison == one.slug]
            self.stdout.write(f"{one.slug:<12} {'ok' if not found else f'{len(found)} differ'}")
            for finding in found:
                where = f"organization {finding.organization}" if finding.organization else "all"
                said = f"expected {finding.expected}, found {finding.actual}"
                self.stdout.write(f"    {where}, {finding.subject}: {said}")
        counted = ", ".join(f"{count} {name.replace('_', ' ')}" for name, count in count_compared().items())
        self.stdout.write(f"{counted}; {len(findings)} differences.")
        if findings:
            sys.exit(1)
