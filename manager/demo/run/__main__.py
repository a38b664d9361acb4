"""`make run`: start everything, say where it is, watch it, and end it with Ctrl-C."""

import fcntl
import os
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from manager.demo.run.environment import ROOT, complete, find_data_dir
from manager.demo.run.programs import (
    background_programs,
    postfinance_program,
    register_program,
    sandbox_program,
    web_program,
)
from manager.demo.run.supervisor import Supervisor, clear_leftovers
from manager.demo.services import Services
from manager.demo.services.processes import ServiceFailed
from manager.demo.services.state import LOOPBACK, exclusive, port_is_free

READY_SECONDS = 90.0


class Signals:
    """How often the person asked to stop."""

    def __init__(self) -> None:
        self.count = 0
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, self._note)

    def _note(self, number: int, frame: object) -> None:
        self.count += 1

    def stopping(self) -> bool:
        """Tell whether somebody asked to stop."""
        return self.count > 0


def main() -> int:
    """Run the panel until a signal; returns the exit code."""
    port = int(os.environ.get("PORT", "8000"))
    data_dir = find_data_dir()
    signals = Signals()
    with _alone(data_dir) as alone:
        if not alone:
            return _refuse(
                f"Manager runs already with the data in {data_dir}. Set another DATA_DIR and PORT."
            )
        clear_leftovers(data_dir)
        if not port_is_free(port):
            return _refuse(f"Port {port} of {LOOPBACK} is in use. Choose another one: PORT=8001 make run")
        services = Services(data_dir)
        os.environ.setdefault("DJANGO_SETTINGS_MODULE", "manager.settings.development")
        os.environ.update(DATA_DIR=str(data_dir), PORT=str(port))
        os.environ.setdefault("PUBLIC_BASE_URL", f"http://{LOOPBACK}:{port}")
        try:
            return _run(services, port, signals)
        except ServiceFailed as failure:
            return _refuse(str(failure))
        finally:
            services.stop()


def _run(services: Services, port: int, signals: Signals) -> int:
    embedded = {"postgres": "DATABASE_URL" not in os.environ, "valkey": "REDIS_URL" not in os.environ}
    with_sandbox = "STRIPE_API_KEY" not in os.environ
    _say("Starting the database …")
    services.start(**embedded)
    with_register = "VIES_API_BASE" not in os.environ
    if with_sandbox:
        services.state.choose_port("psp")
        services.state.choose_port("postfinance")
    if with_register:
        services.state.choose_port("vies")
    services.state.ports["web"] = port
    with exclusive(services.data_dir):
        services.state.save(services.data_dir)
    complete(os.environ)
    supervisor = Supervisor(services.data_dir, dict(os.environ), _say)
    try:
        if with_sandbox:
            port_of_sandbox = services.state.ports["psp"]
            supervisor.add(sandbox_program(port_of_sandbox, services.data_dir, os.environ["PUBLIC_BASE_URL"]))
            supervisor.add(
                postfinance_program(
                    services.state.ports["postfinance"],
                    services.data_dir,
                    os.environ["PUBLIC_BASE_URL"],
                )
            )
        if with_register:
            supervisor.add(register_program(services.state.ports["vies"]))
        sign_ins = _prepare(signals)
        if sign_ins is None:
            return 0 if signals.stopping() else 1
        supervisor.add(web_program(port))
        is_ready = _wait_until_ready(port, supervisor, signals)
        # After the first page, which they would only delay.
        for program in background_programs():
            supervisor.add(program)
        if is_ready:
            _say(f"\nManager is ready: http://{LOOPBACK}:{port}\n\n{sign_ins}")
            _say(f"Logs: {supervisor.folder}  ·  Ctrl-C stops everything.")
        _watch(services, embedded, supervisor, signals)
        _say("\nStopping …")
        return 0
    finally:
        supervisor.stop(hurry=lambda: signals.count > 1)


def _prepare(signals: Signals) -> str | None:
    """Return what the demonstration printed, None when the preparation failed or was stopped."""
    _say("Preparing the database, the languages and the demonstration …")
    command = [sys.executable, "-m", "manager.demo.run.prepare"]
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, text=True, cwd=ROOT, start_new_session=True
    ) as process:
        while process.poll() is None and not signals.stopping():
            try:
                output, _ = process.communicate(timeout=0.2)
            except subprocess.TimeoutExpired:
                continue
            return output if process.returncode == 0 else None
        process.terminate()
    return None


def _wait_until_ready(port: int, supervisor: Supervisor, signals: Signals) -> bool:
    deadline = time.monotonic() + READY_SECONDS
    while not signals.stopping():
        try:
            with urllib.request.urlopen(f"http://{LOOPBACK}:{port}/health/", timeout=10):
                return True
        except urllib.error.HTTPError as answer:
            if time.monotonic() > deadline:
                _say(
                    f"The panel runs but reports itself unwell (HTTP {answer.code}); see {supervisor.folder}."
                )
                return False
        except OSError:
            if time.monotonic() > deadline:
                _say(f"The panel does not answer yet; see {supervisor.folder}.")
                return False
        supervisor.check()
        time.sleep(0.1)
    return False


def _watch(services: Services, embedded: dict[str, bool], supervisor: Supervisor, signals: Signals) -> None:
    parts = {"postgres": services.postgres.find_pid, "valkey": services.valkey.find_pid}
    while not signals.stopping():
        for name, find_pid in parts.items():
            if embedded[name] and not find_pid() and not signals.stopping():
                _start_again(name, services)
        supervisor.check()
        time.sleep(0.25)


def _start_again(name: str, services: Services) -> None:
    _say(f"{name} ended; starting it again.")
    try:
        services.start(postgres=name == "postgres", valkey=name == "valkey", reuse=True)
    except ServiceFailed as failure:
        _say(str(failure))
        time.sleep(2)


@contextmanager
def _alone(data_dir: Path) -> Iterator[bool]:
    data_dir.mkdir(parents=True, exist_ok=True)
    with (data_dir / "run.lock").open("w") as handle:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            yield False
        else:
            yield True


def _say(text: str) -> None:
    print(text, flush=True)


def _refuse(text: str) -> int:
    print(text, file=sys.stderr, flush=True)
    return 1


if __name__ == "__main__":
    sys.exit(main())
