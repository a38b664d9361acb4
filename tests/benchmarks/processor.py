"""Processor time, of this process and of the database for it: other programs change little of it."""

import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

TICKS = os.sysconf("SC_CLK_TCK")


@dataclass(slots=True)
class Burnt:
    """Seconds of the processor: `python` of this process, `database` of the backends that were named."""

    python: float = 0.0
    database: float = 0.0

    @property
    def both(self) -> float:
        """The sum."""
        return self.python + self.database


@contextmanager
def burning(*backends: int) -> Iterator[Burnt]:
    """Measure the block: this process, and these processes of PostgreSQL (`pg_backend_pid()`)."""
    burnt = Burnt()
    python, database = time.process_time(), _of_backends(backends)
    yield burnt
    burnt.python = time.process_time() - python
    burnt.database = _of_backends(backends) - database


def _of_backends(backends: tuple[int, ...]) -> float:
    return sum(_seconds(pid) for pid in backends)


def _seconds(pid: int) -> float:
    # Behind the name, which may hold spaces: the twelfth and the thirteenth are user's and system's ticks.
    told = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()
    return (int(told[11]) + int(told[12])) / TICKS
