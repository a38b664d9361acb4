"""Start and steer a provider's server from tests and simulations: a real process, spoken to over HTTP."""

import http.client
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from types import TracebackType
from typing import Any, ClassVar, Self
from urllib.parse import urlsplit

START_SECONDS = 20.0


class ProviderProcess:
    """One server. `port` 0 takes a free one, which is kept over restarts."""

    module = ""
    headers: ClassVar[Mapping[str, str]] = {}

    def __init__(self, data: Path, *, port: int = 0, webhook_backoff: float = 0.2) -> None:
        self.data = data
        self.port = port
        self.webhook_backoff = webhook_backoff
        self._process: subprocess.Popen[str] | None = None

    @property
    def url(self) -> str:
        """Its address."""
        return f"http://127.0.0.1:{self.port}"

    @property
    def pid(self) -> int:
        """Process id while it runs."""
        if self._process is None:
            raise RuntimeError("The server does not run.")
        return self._process.pid

    def __enter__(self) -> Self:
        return self.start()

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

    def arguments(self) -> Sequence[str]:
        """Return what its command line has besides port, data and backoff."""
        return ()

    def start(self) -> Self:
        """Start it and wait until it answers."""
        self._process = subprocess.Popen(
            [
                *(sys.executable, "-m", self.module, "--port", str(self.port), "--data", str(self.data)),
                *("--webhook-backoff", str(self.webhook_backoff), *self.arguments()),
            ],
            cwd=Path(__file__).resolve().parents[3],
            stdout=subprocess.PIPE,
            text=True,
            env={**os.environ, "PYTHONUNBUFFERED": "1"},
        )
        line = self._process.stdout.readline() if self._process.stdout is not None else ""
        if "http://" not in line:
            self.kill()
            raise RuntimeError("The server did not start.")
        self.port = int(line.strip().rsplit(":", 1)[1])
        self._wait_until_healthy()
        return self

    def _wait_until_healthy(self) -> None:
        deadline = time.monotonic() + START_SECONDS
        while time.monotonic() < deadline:
            try:
                self.get("/_health")
            except OSError:
                time.sleep(0.05)
            else:
                return
        raise RuntimeError("The server does not answer.")

    def stop(self) -> None:
        """End it as an operator would."""
        self._end(signal.SIGTERM)

    def kill(self) -> None:
        """End it as a power cut would."""
        self._end(signal.SIGKILL)

    def restart(self) -> None:
        """Kill it and start it again on the same port with the same data."""
        self.kill()
        self.start()

    def _end(self, number: signal.Signals) -> None:
        process, self._process = self._process, None
        if process is None:
            return
        process.send_signal(number)
        process.wait(timeout=10)
        if process.stdout is not None:
            process.stdout.close()

    def reset(self) -> None:
        """Forget everything but the webhook's address."""
        self.control("/_reset", {})

    def faults(self, *plan: dict[str, Any]) -> None:
        """Put a fault plan in force; without arguments end it."""
        self.control("/_faults", list(plan))

    def journal(self, kind: str = "") -> list[dict[str, Any]]:
        """Return every `charge` and `refund` that really happened, oldest first."""
        entries: list[dict[str, Any]] = self.get("/_journal")["entries"]
        return [entry for entry in entries if kind in ("", entry["type"])]

    def charges(self) -> list[dict[str, Any]]:
        """Return the charges that succeeded."""
        return [entry for entry in self.journal("charge") if entry["status"] == "succeeded"]

    def control(self, path: str, body: Any = None) -> Any:
        """Call one of the server's own addresses.

        :raises RuntimeError: it was refused.
        """
        return self._json("POST", path, json.dumps(body))

    def get(self, path: str) -> Any:
        """Return the answer to a GET."""
        return self._json("GET", path, "")

    def _json(self, method: str, path: str, body: str) -> Any:
        status, _, text = self.exchange(method, self.url + path, body)
        if status != 200:
            raise RuntimeError(f"{method} {path}: {status} {text}")
        return json.loads(text)

    def exchange(
        self, method: str, url: str, body: str = "", headers: Mapping[str, str] | None = None
    ) -> tuple[int, dict[str, str], str]:
        """Return status, headers (lower case) and text of one plain HTTP request, redirects not followed."""
        parts = urlsplit(url)
        connection = http.client.HTTPConnection(parts.hostname or "", parts.port, timeout=30)
        try:
            path = f"{parts.path}?{parts.query}" if parts.query else parts.path
            connection.request(method, path, body.encode(), {**self.headers, **(headers or {})})
            answer = connection.getresponse()
            received = {name.lower(): value for name, value in answer.getheaders()}
            return answer.status, received, answer.read().decode()
        finally:
            connection.close()
