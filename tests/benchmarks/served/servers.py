"""The web server of `make run` as processes of their own, and a client that measures it over HTTP."""

import os
import subprocess
import sys
from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from http.client import HTTPConnection
from pathlib import Path
from time import monotonic, perf_counter, sleep

from manager.demo.run.programs import web_program
from manager.demo.services.state import find_free_port

ROOT = Path(__file__).resolve().parents[3]
READY_SECONDS = 60
TICKS = os.sysconf("SC_CLK_TCK")


@dataclass(frozen=True, slots=True)
class Server:
    """A web server with two workers of four threads."""

    port: int
    pid: int

    def cpu_seconds(self) -> float:
        """Return how long its workers have computed so far, to a hundredth of a second."""
        children = Path(f"/proc/{self.pid}/task/{self.pid}/children").read_text().split()
        fields = [Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split() for pid in children]
        return sum(int(values[11]) + int(values[12]) for values in fields) / TICKS

    def time(self, path: str, headers: Mapping[str, str], count: int) -> list[float]:
        """Ask `count` times over one kept connection; return how many seconds each answer took."""
        taken = []
        connection = HTTPConnection("127.0.0.1", self.port, timeout=30)
        # The first two open the connection, to the server and to its database.
        for number in range(-2, count):
            start = perf_counter()
            connection.request("GET", path, headers={"X-Forwarded-Proto": "https", **headers})
            answer = connection.getresponse()
            answer.read()
            assert answer.status == 200, (path, answer.status)
            if number >= 0:
                taken.append(perf_counter() - start)
        connection.close()
        return taken

    def throughput(self, path: str, headers: Mapping[str, str], count: int, clients: int = 8) -> float:
        """Return how many requests a second `clients` at once get answered."""
        with ThreadPoolExecutor(clients) as pool:
            start = perf_counter()
            list(pool.map(lambda _one: self.time(path, headers, count), range(clients)))
            return clients * (count + 2) / (perf_counter() - start)


@contextmanager
def serve(settings: str, folder: Path) -> Iterator[Server]:
    """Serve the panel's WSGI application with `settings`, on the database of this test."""
    port = find_free_port()
    program = web_program(port)
    variables = {**os.environ, **program.variables, "DJANGO_SETTINGS_MODULE": settings}
    variables.pop("DEMONSTRATION", None)
    with (folder / f"{settings}.log").open("w") as log:
        process = subprocess.Popen(program.command, cwd=ROOT, env=variables, stdout=log, stderr=log)
        try:
            _wait_for(port, process)
            yield Server(port, process.pid)
        finally:
            process.terminate()
            process.wait(timeout=20)


def collect_static(settings: str) -> None:
    """Give static files their names, which pages look up."""
    command = [sys.executable, "manage.py", "collectstatic", "--noinput", "--verbosity", "0"]
    variables = {**os.environ, "DJANGO_SETTINGS_MODULE": settings}
    variables.pop("DEMONSTRATION", None)
    subprocess.run(command, cwd=ROOT, env=variables, check=True)


def steal_percent(before: list[int], after: list[int]) -> float:
    """Return how much of the machine others had between two `processor_times`."""
    spent = [later - earlier for earlier, later in zip(before, after, strict=True)]
    return 100 * spent[7] / max(sum(spent[:8]), 1)


def processor_times() -> list[int]:
    """Return the processors' times since the start of the machine, as the kernel tells them."""
    return [int(value) for value in Path("/proc/stat").read_text().splitlines()[0].split()[1:]]


def _wait_for(port: int, process: subprocess.Popen[bytes]) -> None:
    deadline = monotonic() + READY_SECONDS
    while monotonic() < deadline and process.poll() is None:
        with suppress(OSError):
            connection = HTTPConnection("127.0.0.1", port, timeout=10)
            connection.request("GET", "/")
            connection.getresponse().read()
            connection.close()
            return
        sleep(0.1)
    raise RuntimeError("The server did not start; see its log.")
