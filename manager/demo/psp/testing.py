"""Start and steer a sandbox from tests and simulations: a real process, spoken to over HTTP."""

import http.client
import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from types import TracebackType
from typing import Any
from urllib.parse import parse_qsl, urlencode, urljoin, urlsplit

from manager.demo.psp.forms import decode

START_SECONDS = 20.0
TEST_KEY = "sk_test_sandbox"
TEST_SECRET = "whsec_sandbox"  # noqa: S105 - both ends are on this machine
TEST_CARD = "pm_card_visa"


class SandboxProcess:
    """One sandbox. `port` 0 takes a free one; `url` is what `STRIPE_API_BASE` has to be."""

    def __init__(
        self,
        data: Path,
        *,
        port: int = 0,
        webhook_url: str = "",
        webhook_secret: str = TEST_SECRET,
        webhook_backoff: float = 0.2,
    ) -> None:
        self.data = data
        self.port = port
        self.webhook_url = webhook_url
        self.webhook_secret = webhook_secret
        self.webhook_backoff = webhook_backoff
        self._process: subprocess.Popen[str] | None = None

    @property
    def url(self) -> str:
        """Address of the API and of the hosted pages."""
        return f"http://127.0.0.1:{self.port}"

    @property
    def pid(self) -> int:
        """Process id while it runs."""
        if self._process is None:
            raise RuntimeError("The sandbox does not run.")
        return self._process.pid

    def __enter__(self) -> "SandboxProcess":
        return self.start()

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

    def start(self) -> "SandboxProcess":
        """Start it and wait until it answers; a port once taken is kept over restarts."""
        self._process = subprocess.Popen(
            [
                *(sys.executable, "-m", "manager.demo.psp"),
                *("--port", str(self.port), "--data", str(self.data)),
                *("--webhook-url", self.webhook_url, "--webhook-secret", self.webhook_secret),
                *("--webhook-backoff", str(self.webhook_backoff)),
            ],
            cwd=Path(__file__).resolve().parents[3],
            stdout=subprocess.PIPE,
            text=True,
            env={**os.environ, "PYTHONUNBUFFERED": "1"},
        )
        line = self._process.stdout.readline() if self._process.stdout is not None else ""
        if "http://" not in line:
            self.kill()
            raise RuntimeError("The payments sandbox did not start.")
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
        raise RuntimeError("The payments sandbox does not answer.")

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
        """Forget all customers, means, charges, keys and faults."""
        self.control("/_reset", {})

    def journal(self, kind: str = "") -> list[dict[str, Any]]:
        """Return every `charge` and `refund` that really happened, oldest first."""
        entries: list[dict[str, Any]] = self.get("/_journal")["entries"]
        return [entry for entry in entries if kind in ("", entry["type"])]

    def charges(self) -> list[dict[str, Any]]:
        """Return the charges that succeeded."""
        return [entry for entry in self.journal("charge") if entry["status"] == "succeeded"]

    def webhooks_waiting(self) -> int:
        """Return how many webhooks are not delivered yet."""
        return int(self.get("/_journal")["webhooks_waiting"])

    def faults(self, *plan: dict[str, Any]) -> None:
        """Put a fault plan in force; without arguments end it."""
        self.control("/_faults", list(plan))

    def set_webhook(self, url: str, secret: str) -> None:
        """Send events elsewhere from now on."""
        self.control("/_webhook", {"url": url, "secret": secret})

    def set_means(self, means: str, **change: Any) -> None:
        """Change a saved means: `behaviour="decline_charge:lost_card"`, or `exp_month` and `exp_year`."""
        self.control(f"/_means/{means}", change)

    def settle(self, intent: str, *, decline: str = "") -> None:
        """End a charge that is being processed."""
        self.control(f"/_settle/{intent}", {"decline": decline})

    def dispute(self, identifier: str, **asked: Any) -> str:
        """Dispute the charge of an intent, or decide a dispute by its id (`won`); return its id."""
        return str(self.control(f"/_dispute/{identifier}", asked)["id"])

    def fail_refund(self, identifier: str) -> None:
        """Let the money of a refund that was made come back."""
        self.control(f"/_refund/{identifier}", {})

    def keep_fees(self, *, basis_points: int, fixed: int) -> None:
        """Let the provider keep a part of each charge."""
        self.control("/_fees", {"basis_points": basis_points, "fixed": fixed})

    def save_card(self, customer: str, token: str = TEST_CARD) -> str:
        """Save a test card with a customer, approved where it asks, and return its reference."""
        intent = self.api(
            "/v1/setup_intents",
            {
                "customer": customer,
                "payment_method": token,
                "confirm": "true",
                "return_url": "https://panel.test/",
            },
        )
        if intent["status"] == "requires_action":
            self.submit(intent["next_action"]["redirect_to_url"]["url"], {"decision": "approve"})
            intent = self.get(f"/v1/setup_intents/{intent['id']}")
        return str(intent["payment_method"])

    def pay_checkout(
        self, url: str, *, card: str = "4242424242424242", method: str = "card", approve: bool = True
    ) -> str:
        """Fill in a hosted page and its dialog, and return the address that the person is sent to."""
        address = self.submit(url, {"method": method, "number": card, "expiry": "12/34", "cvc": "123"})
        if "/dialog/" in address:
            address = self.submit(address, {"decision": "approve" if approve else "refuse"})
        return address

    def submit(self, url: str, fields: dict[str, str]) -> str:
        """Send a form of a hosted page; return where it leads, or the same address when it is shown again."""
        status, headers, _ = self.exchange("POST", url, urlencode(fields))
        return urljoin(url, headers["location"]) if status == 303 else url

    def control(self, path: str, body: Any) -> Any:
        """Call one of the sandbox's own addresses.

        :raises RuntimeError: it was refused.
        """
        return self._json("POST", path, json.dumps(body))

    def get(self, path: str) -> Any:
        """Return the answer of the API or control to a GET."""
        return self._json("GET", path, "")

    def api(self, path: str, fields: dict[str, str]) -> Any:
        """Return the answer of the API to a POST."""
        return self._json("POST", path, urlencode(fields))

    def _json(self, method: str, path: str, body: str) -> Any:
        status, _, text = self.exchange(method, self.url + path, body)
        if status != 200:
            raise RuntimeError(f"{method} {path}: {status} {text}")
        return json.loads(text)

    def exchange(
        self, method: str, url: str, body: str = "", headers: dict[str, str] | None = None
    ) -> tuple[int, dict[str, str], str]:
        """Return status, headers (lower case) and text of one plain HTTP request, redirects not followed."""
        parts = urlsplit(url)
        connection = http.client.HTTPConnection(parts.hostname or "", parts.port, timeout=30)
        try:
            sent = {"Authorization": f"Bearer {TEST_KEY}", **(headers or {})}
            path = f"{parts.path}?{parts.query}" if parts.query else parts.path
            connection.request(method, path, body.encode(), sent)
            answer = connection.getresponse()
            received = {name.lower(): value for name, value in answer.getheaders()}
            return answer.status, received, answer.read().decode()
        finally:
            connection.close()


def form_of(text: str) -> dict[str, Any]:
    """Return a sent form body as the API reads it, for contract tests."""
    return decode(text)


def query_of(url: str) -> dict[str, str]:
    """Return the query parameters of an address."""
    return dict(parse_qsl(urlsplit(url).query))
