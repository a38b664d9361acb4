"""`manage.py check_translations`: fail when a language is incomplete."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from manager.shell.languages.check import find_problems


class Command(BaseCommand):
    """Check the catalogues of all languages against the sources."""

    help = "Fail on a missing, fuzzy or broken translation, and on a text that the catalogues do not know."
    requires_system_checks: list[str] = []

    def handle(self, *args: Any, **options: Any) -> None:
        """Print each problem and exit with 1 when there is one."""
        problems = find_problems()
        for problem in problems:
            self.stdout.write(problem)
        if problems:
            raise CommandError(f"{len(problems)} translations need work.")
        self.stdout.write("All languages are complete.")
