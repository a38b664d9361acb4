"""Keep programs running, start again what dies, and end them all together."""

import contextlib
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Mapping
from pathlib import Path

import psutil

from manager.demo.run.programs import Program
from manager.demo.services.processes import kill_group, read_tail, spawn

FIRST_DELAY = 1.0
LONGEST_DELAY = 30.0
# After so long a life a program that dies starts again without a delay.
STEADY_SECONDS = 60.0
GRACE_SECONDS = 8.0

Report = Callable[[str], None]


class Watched:
    """One program: its process, and when it may start again."""

    def __init__(self, program: Program, env: Mapping[str, str], folder: Path) -> None:
        self.program = program
        self.env = {**env, **program.variables}
        self.log = folder / f"{program.name}.log"
        self.process: subprocess.Popen[bytes] | None = None
        self.started = 0.0
        self.delay = 0.0
        self.not_before = 0.0

    def start(self) -> None:
        """Start the program; it gets SIGTERM should this process be killed."""
        self.process = spawn(
            self.program.command, log=self.log, env=self.env, dies_with_parent=signal.SIGTERM
        )
        self.started = time.monotonic()

    def check(self, report: Report) -> None:
        """Start the program again when it has died and its delay is over."""
        if self.process is not None and (code := self.process.poll()) is not None:
            # What it left behind would hold its port.
            kill_group(self.process.pid)
            steady = time.monotonic() - self.started > STEADY_SECONDS
            self.delay = FIRST_DELAY if steady or not self.delay else min(self.delay * 2, LONGEST_DELAY)
            self.not_before = time.monotonic() + self.delay
            self.process = None
            report(
                f"{self.program.name} ended ({_describe(code)}); it starts again in {self.delay:.0f} s. "
                f"The end of {self.log}:\n{read_tail(self.log, 5)}"
            )
        if self.process is None and time.monotonic() >= self.not_before:
            self.start()


class Supervisor:
    """All programs of one `make run`."""

    def __init__(self, data_dir: Path, env: Mapping[str, str], report: Report) -> None:
        self.folder = data_dir / "logs"
        self.folder.mkdir(parents=True, exist_ok=True)
        self.record = data_dir / "run.json"
        self.env = env
        self.report = report
        self.watched: list[Watched] = []

    def add(self, program: Program) -> None:
        """Start a program and keep it running from now on."""
        watched = Watched(program, self.env, self.folder)
        watched.start()
        self.watched.append(watched)
        self._write_record()

    def check(self) -> None:
        """Start again whatever has died."""
        before = [self._pid(watched) for watched in self.watched]
        for watched in self.watched:
            watched.check(self.report)
        if before != [self._pid(watched) for watched in self.watched]:
            self._write_record()

    def stop(self, hurry: Callable[[], bool]) -> None:
        """End all programs: SIGTERM first, SIGKILL to their groups after the grace or when in a hurry."""
        processes = [watched.process for watched in reversed(self.watched) if watched.process is not None]
        for process in processes:
            with contextlib.suppress(ProcessLookupError):
                process.send_signal(signal.SIGTERM)
        deadline = time.monotonic() + GRACE_SECONDS
        while any(process.poll() is None for process in processes):
            if time.monotonic() > deadline or hurry():
                break
            time.sleep(0.05)
        for process in processes:
            kill_group(process.pid)
            process.wait()
        self.watched.clear()
        self.record.unlink(missing_ok=True)

    def _write_record(self) -> None:
        pids = [pid for watched in self.watched if (pid := self._pid(watched))]
        self.record.write_text(json.dumps({"pids": pids, "written": time.time()}))

    def _pid(self, watched: Watched) -> int | None:
        return watched.process.pid if watched.process else None


def clear_leftovers(data_dir: Path) -> int:
    """End the programs that an earlier, killed run has left. Returns how many processes there were.

    Only processes of a session that our program led are touched: a pid that another program has by now
    leads no such session from before the record was written.
    """
    record = data_dir / "run.json"
    try:
        content = json.loads(record.read_text())
        pids, written = set(content["pids"]), float(content["written"])
    except (OSError, ValueError, TypeError, KeyError):
        return 0
    left = [process for process in psutil.process_iter() if _is_left(process, pids, written)]
    for process in left:
        with contextlib.suppress(psutil.NoSuchProcess):
            process.terminate()
    _, alive = psutil.wait_procs(left, timeout=5)
    for process in alive:
        with contextlib.suppress(psutil.NoSuchProcess):
            process.kill()
    psutil.wait_procs(alive, timeout=5)
    record.unlink(missing_ok=True)
    return len(left)


def _is_left(process: psutil.Process, pids: set[int], written: float) -> bool:
    try:
        session = os.getsid(process.pid)
        if session not in pids or process.status() == psutil.STATUS_ZOMBIE:
            return False
        leader = process if session == process.pid else _find(session)
        if leader is None:
            return sys.executable in process.cmdline()
        return leader.create_time() <= written
    except (psutil.Error, ProcessLookupError):
        return False


def _find(pid: int) -> psutil.Process | None:
    try:
        return psutil.Process(pid)
    except psutil.NoSuchProcess:
        return None


def _describe(code: int) -> str:
    return f"killed by {signal.Signals(-code).name}" if code < 0 else f"exit {code}"
