"""`make run` as a person uses it: it starts, says where it is, refuses a twin, ends cleanly, starts again."""

import os
import signal
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import psutil
import pytest

from manager.demo.services.state import find_free_port

ROOT = Path(__file__).resolve().parents[2]
PASSED_ON = ("PATH", "HOME", "LANG")


@dataclass
class Run:
    """One `make run` with a data directory and a port of its own."""

    data_dir: Path
    port: int = field(default_factory=find_free_port)
    process: "subprocess.Popen[str] | None" = None

    def launch(self) -> "subprocess.Popen[str]":
        env = {name: os.environ[name] for name in PASSED_ON if name in os.environ}
        self.process = subprocess.Popen(
            [sys.executable, "-m", "manager.demo.run"],
            cwd=ROOT,
            env={**env, "DATA_DIR": str(self.data_dir), "PORT": str(self.port)},
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            start_new_session=True,
        )
        return self.process

    def wait_until_ready(self) -> str:
        """Read what it says until it is ready; fail with all of it when it ends before."""
        assert self.process is not None
        assert self.process.stdout is not None
        said = ""
        for line in self.process.stdout:
            said += line
            if line.startswith("Logs: "):
                return said
        logs = "\n".join(path.read_text()[-2000:] for path in self.data_dir.glob("logs/*.log"))
        pytest.fail(f"It ended before it was ready:\n{said}\n{logs}")

    def list_children(self) -> list[psutil.Process]:
        assert self.process is not None
        return psutil.Process(self.process.pid).children(recursive=True)

    def is_well(self) -> bool:
        with urllib.request.urlopen(f"http://127.0.0.1:{self.port}/health/", timeout=60) as answer:
            return bool(answer.status == 200)


@pytest.fixture(scope="module")
def run() -> Iterator[Run]:
    # pytest's own folders are closed to others: as root the data would be kept in /var/lib instead.
    with tempfile.TemporaryDirectory(prefix="manager-run-") as folder:
        Path(folder).chmod(0o755)
        run = Run(Path(folder))
        run.launch()
        yield run
        if run.process is not None and run.process.poll() is None:
            run.process.send_signal(signal.SIGTERM)
            run.process.wait(timeout=180)


class TestRun:
    """One after the other on one set of data; each step stands on the one before."""

    def test_says_where_it_is_and_answers_there(self, run: Run) -> None:
        assert f"Manager is ready: http://127.0.0.1:{run.port}" in run.wait_until_ready()
        assert run.is_well()

    def test_refuses_a_second_one_with_the_same_data(self, run: Run) -> None:
        twin = Run(run.data_dir).launch()
        said, _ = twin.communicate(timeout=180)
        assert twin.returncode == 1
        assert "runs already" in said
        assert run.is_well()

    def test_refuses_a_port_that_is_taken(self, run: Run, tmp_path: Path) -> None:
        other = Run(tmp_path, port=run.port).launch()
        said, _ = other.communicate(timeout=180)
        assert other.returncode == 1
        assert f"Port {run.port} of 127.0.0.1 is in use" in said

    @pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGKILL])
    def test_leaves_nothing_behind_and_starts_again_soon(self, run: Run, number: signal.Signals) -> None:
        assert run.process is not None
        children = run.list_children()
        assert len(children) >= 6
        run.process.send_signal(number)
        run.process.wait(timeout=180)
        _, alive = psutil.wait_procs(children, timeout=120)
        assert not alive
        started = time.monotonic()
        run.launch()
        run.wait_until_ready()
        # A shared machine may be busy; alone it takes about five.
        assert time.monotonic() - started < 60
        assert run.is_well()
