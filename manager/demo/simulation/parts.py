"""A large simulation as several worlds side by side, each in a process and a database of its own."""

import gc
import hashlib
import multiprocessing
import os
import signal
import sys
from collections import Counter
from dataclasses import dataclass
from functools import partial

from manager.demo.simulation.faults import SimulationFailed
from manager.demo.simulation.run import Report, simulate
from manager.demo.simulation.scratch import copy_of

# How many products one world has at most. The digest depends on it, and not on the number of processors.
PER_WORLD = 500


class PartFailed(Exception):
    """A world found something that must not be; its text says what."""


@dataclass(frozen=True, slots=True)
class Part:
    """One world of a simulation."""

    seed: int
    number: int
    products: int
    months: int
    faults: bool = False


def split(*, seed: int, products: int, months: int, faults: bool = False) -> list[Part]:
    """Return the worlds of a simulation of `products`, all about equally large."""
    count = max(1, -(-products // PER_WORLD))
    sizes = [products // count + (number < products % count) for number in range(count)]
    return [Part(seed, number, size, months, faults) for number, size in enumerate(sizes)]


def simulate_in_parts(
    *, seed: int, products: int, months: int, template: str, is_told: bool, faults: bool = False
) -> Report:
    """Run the worlds of a simulation, as many at once as there are processors; return what came of all.

    Each works in a copy of the migrated, empty database `template`; with `is_told` it writes how far it is
    to the standard output. No connection may be open.

    :raises PartFailed: one of them found something that must not be.
    """
    parts = split(seed=seed, products=products, months=months, faults=faults)
    context = multiprocessing.get_context("fork")
    with context.Pool(min(len(parts), os.cpu_count() or 1), maxtasksperchild=1) as pool:
        reports = []
        for outcome in pool.imap(partial(_run, template=template, is_told=is_told), parts):
            if isinstance(outcome, str):
                raise PartFailed(outcome)
            reports.append(outcome)
    counts: Counter[str] = Counter()
    for report in reports:
        counts.update(report.counts)
    digest = hashlib.sha256("".join(report.digest for report in reports).encode()).hexdigest()
    return Report(seed, dict(sorted(counts.items())), digest)


def _run(part: Part, *, template: str, is_told: bool) -> Report | str:
    """Run one world in this process of its own; a finding is given back as its text."""
    # Ended from outside, when another world found something, it still ends its provider.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))
    # What is loaded stays, and the many small objects of queries are rarely in a circle.
    gc.freeze()
    gc.set_threshold(50_000, 20, 100)

    def say(text: str) -> None:
        if is_told:
            sys.stdout.write(f"World {part.number + 1}, {text}\n")
            sys.stdout.flush()

    try:
        with copy_of(template):
            return simulate(
                seed=part.seed,
                products=part.products,
                months=part.months,
                part=part.number,
                faults=part.faults,
                say=say,
            )
    except SimulationFailed as failure:
        return str(failure)
