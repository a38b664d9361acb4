"""Programs of `make run`: started again when they die, ended together, never left behind."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest

from manager.demo.run.programs import Program
from manager.demo.run.supervisor import Supervisor, clear_leftovers
from tests.fixtures.waiting import wait_until

SLEEPER = [sys.executable, "-c", "import time; time.sleep(600)"]
STUBBORN_CODE = """
import signal, subprocess, sys, time
signal.signal(signal.SIGTERM, signal.SIG_IGN)
child = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(600)"])
open(sys.argv[1], "w").write(str(child.pid))
time.sleep(600)
"""


def is_alive(pid: int) -> bool:
    return psutil.pid_exists(pid) and psutil.Process(pid).status() != psutil.STATUS_ZOMBIE


@pytest.fixture
def messages() -> list[str]:
    return []


@pytest.fixture
def supervisor(tmp_path: Path, messages: list[str]) -> Iterator[Supervisor]:
    supervisor = Supervisor(tmp_path, dict(os.environ), messages.append)
    yield supervisor
    supervisor.stop(hurry=lambda: True)


class TestRestart:
    def test_starts_again_what_was_killed_and_says_so(
        self, supervisor: Supervisor, messages: list[str]
    ) -> None:
        supervisor.add(Program("sleeper", SLEEPER))
        first = supervisor.watched[0].process
        assert first is not None
        first.kill()
        first.wait()
        supervisor.check()
        assert "sleeper ended (killed by SIGKILL); it starts again in 1 s" in messages[0]
        supervisor.watched[0].not_before = 0
        supervisor.check()
        second = supervisor.watched[0].process
        assert second is not None
        assert second.pid != first.pid

    def test_waits_longer_each_time(self, supervisor: Supervisor, messages: list[str]) -> None:
        supervisor.add(Program("broken", [sys.executable, "-c", "raise SystemExit(3)"]))
        delays = []
        watched = supervisor.watched[0]
        for _ in range(7):
            wait_until(lambda: watched.process is None or watched.process.poll() is not None)
            supervisor.check()
            delays.append(watched.delay)
            watched.not_before = 0
            supervisor.check()
        assert delays == [1, 2, 4, 8, 16, 30, 30]
        assert "exit 3" in messages[0]

    def test_does_not_start_before_its_time(self, supervisor: Supervisor) -> None:
        supervisor.add(Program("broken", [sys.executable, "-c", ""]))
        watched = supervisor.watched[0]
        wait_until(lambda: watched.process is not None and watched.process.poll() is not None)
        supervisor.check()
        supervisor.check()
        assert watched.process is None


class TestStop:
    def test_ends_with_a_stubborn_program_and_its_children(
        self, supervisor: Supervisor, tmp_path: Path
    ) -> None:
        note = tmp_path / "child"
        supervisor.add(Program("stubborn", [sys.executable, "-c", STUBBORN_CODE, str(note)]))
        wait_until(lambda: note.exists() and note.read_text())
        child = int(note.read_text())
        supervisor.stop(hurry=lambda: True)
        wait_until(lambda: not is_alive(child))

    def test_touches_nothing_else(self, supervisor: Supervisor) -> None:
        with subprocess.Popen(SLEEPER) as other:
            supervisor.add(Program("sleeper", SLEEPER))
            supervisor.stop(hurry=lambda: False)
            assert other.poll() is None
            other.kill()


class TestLeftovers:
    """A start after `kill -9` of an earlier run."""

    def test_programs_end_with_a_killed_supervisor(self, tmp_path: Path) -> None:
        code = (
            "import os, pathlib, sys, time; from manager.demo.run.programs import Program;"
            "from manager.demo.run.supervisor import Supervisor;"
            "s = Supervisor(pathlib.Path(sys.argv[1]), dict(os.environ), print);"
            f"s.add(Program('sleeper', {SLEEPER!r}));"
            "print(s.watched[0].process.pid, flush=True); time.sleep(600)"
        )
        with subprocess.Popen([sys.executable, "-c", code, str(tmp_path)], stdout=subprocess.PIPE) as run:
            assert run.stdout is not None
            pid = int(run.stdout.readline())
            assert is_alive(pid)
            run.send_signal(signal.SIGKILL)
        wait_until(lambda: not is_alive(pid))

    def test_ends_what_was_left(self, tmp_path: Path) -> None:
        left = Supervisor(tmp_path, dict(os.environ), print)
        left.add(Program("sleeper", SLEEPER))
        process = left.watched[0].process
        assert process is not None
        assert clear_leftovers(tmp_path) == 1
        wait_until(lambda: process.poll() is not None)
        assert not (tmp_path / "run.json").exists()

    def test_spares_a_program_that_got_the_number_later(self, tmp_path: Path) -> None:
        supervisor = Supervisor(tmp_path, dict(os.environ), print)
        supervisor.add(Program("sleeper", SLEEPER))
        process = supervisor.watched[0].process
        assert process is not None
        supervisor.record.write_text(f'{{"pids": [{process.pid}], "written": {time.time() - 3600}}}')
        assert clear_leftovers(tmp_path) == 0
        assert process.poll() is None
        supervisor.stop(hurry=lambda: True)

    @pytest.mark.parametrize("content", ["", "{", "null"])
    def test_is_not_stopped_by_a_broken_record(self, tmp_path: Path, content: str) -> None:
        (tmp_path / "run.json").write_text(content)
        assert clear_leftovers(tmp_path) == 0
