"""`manage.py simulate`: years of random events by seed, in databases of its own (PRD-8, BIL-16)."""

from argparse import ArgumentParser
from time import perf_counter
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from manager.demo.simulation.faults import DatabaseInUse, SimulationFailed
from manager.demo.simulation.parts import PartFailed, simulate_in_parts
from manager.demo.simulation.run import Report, simulate
from manager.demo.simulation.scratch import ScratchUnavailable, scratch_database


class Command(BaseCommand):
    """Let products live through random events, and compare each with its timeline on every day."""

    # It takes no payment at a provider, whose keys need not be set.
    requires_system_checks: list[str] = []
    help = "Simulate years of random events by seed; every product has to live as its timeline says."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Add the seed, the size, and where to do it."""
        parser.add_argument("--seed", type=int, default=1, help="the same seed gives the same events")
        parser.add_argument("--products", type=int, default=1000)
        parser.add_argument("--months", type=int, default=36)
        parser.add_argument(
            "--faults",
            action="store_true",
            help="let the provider and the workers fail on some days, by the seed",
        )
        parser.add_argument(
            "--here",
            action="store_true",
            help="as one world in the database of DATABASE_URL, which has to be empty, instead of several in"
            " databases made for them",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        """Run, then print what happened and the digest of the end."""
        begun = perf_counter()
        try:
            size = {name: options[name] for name in ("seed", "products", "months", "faults")}
            is_told = options["verbosity"] > 1
            if options["here"]:
                report = simulate(**size, say=self._say if is_told else lambda text: None)
            else:
                with scratch_database() as template:
                    begun = perf_counter()
                    report = simulate_in_parts(**size, template=template, is_told=is_told)
        except DatabaseInUse:
            raise CommandError(
                "This database holds organizations. A simulation needs an empty one."
            ) from None
        except ScratchUnavailable:
            raise CommandError(
                "There is no embedded PostgreSQL to make a database in. Start it with `make simulate`, or"
                " name an empty database in DATABASE_URL and add --here."
            ) from None
        except (PartFailed, SimulationFailed) as failure:
            raise CommandError(str(failure)) from None
        verdict = "nothing was lost" if options["faults"] else "everything happened as it was told"
        self._print(report, perf_counter() - begun, verdict)

    def _say(self, text: str) -> None:
        self.stdout.write(text)

    def _print(self, report: Report, seconds: float, verdict: str) -> None:
        for name, count in report.counts.items():
            self.stdout.write(f"  {name:<42} {count:>8}")
        self.stdout.write(f"Seed {report.seed}: {verdict}, in {seconds:.0f} s.")
        self.stdout.write(f"Digest {report.digest}")
