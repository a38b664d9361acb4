"""What the harness tells the processes that it kills: files in a folder, so that each order is obeyed once.

Only the file system is shared: the queue is emptied and the database stopped while the orders stand.
"""

import os
import signal
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import NamedTuple

OWN, ANY = "own", "any"


class Death(NamedTuple):
    """A point at which a process dies, and the organization whose case it is ordered for."""

    point: str
    organization_id: int


@dataclass(frozen=True, slots=True)
class Orders:
    """Kills that wait, those that were carried out, and by how much the processes' clock is ahead."""

    folder: Path

    @property
    def _waiting(self) -> Path:
        return self.folder / "waiting"

    @property
    def _obeyed(self) -> Path:
        return self.folder / "obeyed"

    @property
    def _ticks(self) -> Path:
        return self.folder / "ticks"

    def begin(self) -> None:
        """Make the folders."""
        for folder in (self._waiting, self._obeyed, self._ticks):
            folder.mkdir(parents=True)
        self.set_clock(timedelta())

    def kill(self, point: str, organization_id: int, *, whoever_comes: bool = False) -> None:
        """Let the next process die that comes to `point` with the work of this organization, or whoever."""
        (self._waiting / f"{point}@{organization_id}@{ANY if whoever_comes else OWN}").touch()

    def obey(self, point: str, organization_id: int | None) -> None:
        """Kill this process (SIGKILL) when that is ordered; called in it at each point."""
        for wanted in (f"{point}@{organization_id}@{OWN}", f"{point}@*@{ANY}"):
            for order in sorted(self._waiting.glob(wanted)):
                try:
                    order.rename(self._obeyed / order.name)
                except FileNotFoundError:
                    continue  # another process obeys this one
                os.kill(os.getpid(), signal.SIGKILL)

    def waiting(self) -> list[Death]:
        """Return where somebody still has to die."""
        return _read(self._waiting)

    def obeyed(self) -> list[Death]:
        """Return where somebody died."""
        return _read(self._obeyed)

    def withdraw(self) -> None:
        """Take back what nobody has obeyed."""
        for path in self._waiting.iterdir():
            path.unlink(missing_ok=True)

    def note_tick(self, begun: float) -> None:
        """Note that a whole tick has ended that began at `begun`, in seconds of the machine's clock."""
        (self._ticks / f"{begun:.6f}").touch()

    def newest_tick(self) -> float:
        """Return when the newest tick began that ran to its end."""
        return max((float(path.name) for path in self._ticks.iterdir()), default=0.0)

    def set_clock(self, ahead: timedelta) -> None:
        """Set the clock of the processes forward by so much in all."""
        fresh = self.folder / "clock.new"
        fresh.write_text(str(ahead.total_seconds()))
        fresh.rename(self.folder / "clock")

    def clock(self) -> timedelta:
        """Return by how much the processes' clock is ahead."""
        return timedelta(seconds=float((self.folder / "clock").read_text()))


def _read(folder: Path) -> list[Death]:
    names = (path.name.split("@") for path in folder.iterdir())
    return [Death(point, int(organization_id)) for point, organization_id, _who in names]
