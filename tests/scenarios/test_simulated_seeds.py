"""Seeds of the simulation that found something once, in short form (BIL-16)."""

from pathlib import Path
from typing import NamedTuple

import pytest

from manager.demo.simulation.run import simulate

FILE = Path(__file__).with_name("simulated_seeds.txt")


class Kept(NamedTuple):
    """A line of the file: what is simulated, and what it showed."""

    seed: int
    products: int
    months: int
    mode: str
    showed: str


def read_kept() -> list[Kept]:
    """Return the seeds of the file, in its order."""
    lines = [line for line in FILE.read_text().splitlines() if line and not line.startswith("#")]
    rows = [line.split(maxsplit=4) for line in lines]
    return [Kept(int(row[0]), int(row[1]), int(row[2]), row[3], row[4]) for row in rows]


@pytest.mark.parametrize("kept", read_kept(), ids=lambda kept: f"{kept.mode}-{kept.seed}")
def test_what_was_found_once_is_not_found_again(kept: Kept) -> None:
    """The whole run is `manage.py simulate` with the seed; the test of each finding stands in its room."""
    assert kept.mode in {"plain", "faults"}
    assert kept.showed.endswith(".")
    simulate(seed=kept.seed, products=kept.products, months=kept.months, faults=kept.mode == "faults")
