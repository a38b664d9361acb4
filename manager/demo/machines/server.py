"""Machines on paper over HTTP: signed requests, each key done once, answers at once or by call-back."""

import json
import threading
from dataclasses import dataclass, field
from datetime import datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import urlsplit

import requests

from manager.kit.clock import now
from products.provisioning.signing import SignatureRefused, sign, verify

MAX_BODY = 1_000_000
WAIT = 600


@dataclass
class Machines:
    """What the machines know and how they behave at present; tests set both.

    `faults` are taken one for each call: `fail` (500, nothing is done), `refuse` (422), `lose` (done, and
    the connection ends without an answer), `garbage` (done, and the answer is no JSON). With `accepts`
    they answer 202 and somebody calls `call_back`; with `later` they do so themselves after that time.
    """

    secret: str
    later: float | None = None
    accepts: bool = False
    is_well: bool = True
    faults: list[str] = field(default_factory=list)
    services: dict[int, dict[str, Any]] = field(default_factory=dict)
    performed: list[tuple[int, str]] = field(default_factory=list)
    calls: list[dict[str, Any]] = field(default_factory=list)
    done: dict[str, dict[str, Any]] = field(default_factory=dict)
    lock: threading.Lock = field(default_factory=threading.Lock)

    def take(self, message: dict[str, Any]) -> tuple[int, bytes | None]:
        """Do what a message asks unless its key is known; return status and body, None for no answer."""
        with self.lock:
            self.calls.append(message)
            fault = self.faults.pop(0) if self.faults else ""
            if fault in {"fail", "refuse"}:
                error = {"error": "The rack is full." if fault == "fail" else "The name is not allowed."}
                return (500 if fault == "fail" else 422), json.dumps(error).encode()
            key = message["key"]
            if key not in self.done:
                self.done[key] = self._perform(message)
            if fault:
                return 200, b"<html>" if fault == "garbage" else None
            if self.accepts or self.later is not None:
                if self.later is not None:
                    threading.Timer(self.later, self.call_back, [key]).start()
                return 202, json.dumps({"wait": WAIT}).encode()
            return 200, json.dumps({"data": self.done[key]}).encode()

    def call_back(
        self,
        key: str,
        *,
        status: str = "done",
        secret: str | None = None,
        at: datetime | None = None,
        **more: Any,
    ) -> tuple[int, dict[str, Any]]:
        """Tell the panel how a call ended; return what it answers."""
        message = next(call for call in reversed(self.calls) if call["key"] == key)
        said = {"key": key, "status": status, **more}
        if status == "done":
            said.setdefault("data", self.done[key])
        body = json.dumps(said).encode()
        path = urlsplit(message["callback"]).path
        headers = sign(secret=secret or self.secret, path=path, body=body, at=at or now())
        answer = requests.post(message["callback"], data=body, headers=headers, timeout=20)
        return answer.status_code, answer.json()

    def _perform(self, message: dict[str, Any]) -> dict[str, Any]:
        number, operation = message["product"]["id"], message["operation"]
        if operation == "terminate":
            self.services.pop(number, None)
            return {}
        service = self.services.setdefault(
            number, {"account": f"m{number}", "server": "machine-1.local.example"}
        )
        service["units"] = message["product"]["quantity"]
        if operation in {"provision", "resume"}:
            service["power"] = "on"
        elif operation == "suspend":
            service["power"] = "off"
        elif operation == "act":
            self.performed.append((number, message["action"]))
        return dict(service)


class Server(ThreadingHTTPServer):
    """A server that knows its machines. Port 0 takes a free one."""

    daemon_threads = True

    def __init__(self, port: int, machines: Machines) -> None:
        super().__init__(("127.0.0.1", port), Handler)
        self.machines = machines

    @property
    def url(self) -> str:
        """What `PROVISIONING_WEBHOOK_URL` has to be."""
        return f"http://127.0.0.1:{self.server_address[1]}"


class Handler(BaseHTTPRequestHandler):
    """One connection."""

    server: Server

    def do_GET(self) -> None:
        """Say how the machines are."""
        machines = self.server.machines
        if self.path != "/health" or not self._is_signed(b""):
            self._send(404, b"{}")
            return
        details = {"well": machines.is_well, "details": f"{len(machines.services)} services"}
        self._send(200, json.dumps(details).encode())

    def do_POST(self) -> None:
        """Do what is asked."""
        length = self.headers.get("Content-Length", "")
        if self.path != "/operations" or not length.isdecimal() or int(length) > MAX_BODY:
            self._send(404, b"{}")
            return
        body = self.rfile.read(int(length))
        if not self._is_signed(body):
            self._send(401, b'{"error": "The signature does not fit."}')
            return
        message = json.loads(body)
        if self.headers.get("Idempotency-Key") != message["key"]:
            self._send(400, b'{"error": "The keys differ."}')
            return
        status, answer = self.server.machines.take(message)
        if answer is None:
            self.close_connection = True
            return
        self._send(status, answer)

    def _is_signed(self, body: bytes) -> bool:
        secrets = [self.server.machines.secret]
        headers = {key.title(): value for key, value in self.headers.items()}
        try:
            verify(secrets=secrets, path=self.path, body=body, headers=headers, at=now())
        except SignatureRefused:
            return False
        return True

    def _send(self, status: int, body: bytes) -> None:
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002  (the library's name)
        """Write no line for each request."""
