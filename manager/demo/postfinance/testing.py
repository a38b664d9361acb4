"""Start and steer the test server from tests: a real process, spoken to over HTTP."""

import http.client
import json
import os
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any
from urllib.parse import urlencode, urlsplit

from manager.demo.postfinance.signing import AUTHENTICATION_KEY, SPACE_ID, USER_ID


class TestServer:
    """One test server on a free port. `base` is what `POSTFINANCE_API_BASE` has to be."""

    __test__ = False

    def __init__(self, data: Path) -> None:
        self.data = data
        self.url = ""
        self._process: subprocess.Popen[str] | None = None

    @property
    def base(self) -> str:
        """Address of the API."""
        return f"{self.url}/api/v2.0"

    @property
    def options(self) -> dict[str, str]:
        """The options of a gateway that speaks to it."""
        return {
            "space_id": SPACE_ID,
            "user_id": USER_ID,
            "authentication_key": AUTHENTICATION_KEY,
            "api_base": self.base,
        }

    def start(self) -> "TestServer":
        """Start it and wait until it says where it is."""
        self._process = subprocess.Popen(
            [
                *(sys.executable, "-m", "manager.demo.postfinance", "--port", "0"),
                *("--data", str(self.data), "--webhook-backoff", "0.2"),
            ],
            cwd=Path(__file__).resolve().parents[3],
            stdout=subprocess.PIPE,
            text=True,
            env={**os.environ, "PYTHONUNBUFFERED": "1"},
        )
        line = self._process.stdout.readline() if self._process.stdout is not None else ""
        if "http://" not in line:
            raise RuntimeError("The test server did not start.")
        self.url = line.strip().rpartition(" ")[2]
        return self

    def stop(self) -> None:
        """End it as a power cut would."""
        process, self._process = self._process, None
        if process is None:
            return
        process.send_signal(signal.SIGKILL)
        process.wait(timeout=10)
        if process.stdout is not None:
            process.stdout.close()

    def reset(self) -> None:
        """Forget all transactions, tokens, refunds and faults, and send no webhooks."""
        self.control("/_reset")
        self.control("/_webhook", {"url": ""})

    def faults(self, *plan: dict[str, Any]) -> None:
        """Put a fault plan in force; without arguments end it."""
        self.control("/_faults", list(plan))

    def charges(self) -> list[dict[str, Any]]:
        """Return the charges that succeeded."""
        entries = self.control("/_journal")["entries"]
        return [one for one in entries if (one["type"], one["status"]) == ("charge", "succeeded")]

    def refunds(self) -> list[dict[str, Any]]:
        """Return the refunds that were made."""
        return [one for one in self.control("/_journal")["entries"] if one["type"] == "refund"]

    def submit(self, page: str, do: str = "ok") -> str:
        """Press a button of a hosted page (`ok`, `decline`, `leave`); return where it leads."""
        status, headers, _ = self.exchange(page, urlencode({"do": do}))
        return headers["location"] if status == 303 else page

    def control(self, path: str, body: Any = None) -> Any:
        """Call one of the server's own addresses.

        :raises RuntimeError: it was refused.
        """
        status, _, text = self.exchange(self.url + path, "" if body is None else json.dumps(body))
        if status != 200:
            raise RuntimeError(f"{path}: {status} {text}")
        return json.loads(text)

    def exchange(self, url: str, body: str) -> tuple[int, dict[str, str], str]:
        """Return status, headers (lower case) and text of one POST, redirects not followed."""
        parts = urlsplit(url)
        connection = http.client.HTTPConnection(parts.hostname or "", parts.port, timeout=30)
        try:
            connection.request("POST", parts.path, body.encode())
            given = connection.getresponse()
            received = {name.lower(): value for name, value in given.getheaders()}
            return given.status, received, given.read().decode()
        finally:
            connection.close()
