"""Answers about VAT numbers over HTTP: known ones, unknown ones, and times without an answer."""

import json
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from itertools import count
from typing import Any

MAX_BODY = 10_000
PATH = "/check-vat-number"

# By number with prefix: the name and address that are registered. All others are not valid.
REGISTERED = {
    "FR83404833048": ("BOULANGERIE DUPONT SARL", "8 RUE DES LILAS\n69003 LYON"),
    "DE136695976": ("Beispiel GmbH", "---"),
    "ATU13585627": ("Muster & Söhne KG", "Graben 1\n1010 Wien"),
    "IT00743110157": ("ESEMPIO SPA", "VIA ROMA 5\n20121 MILANO MI"),
}


@dataclass
class Register:
    """What the server knows, and how it behaves at present; tests set both."""

    registered: dict[str, tuple[str, str]] = field(default_factory=lambda: dict(REGISTERED))
    error: str = ""
    raw: bytes | None = None
    status: int = 200
    asked: list[dict[str, Any]] = field(default_factory=list)
    numbers: "count[int]" = field(default_factory=lambda: count(1))

    def answer(self, question: Any) -> dict[str, Any]:
        """Return what VIES would say to `question`."""
        self.asked.append(question)
        if self.error:
            return {"actionSucceed": False, "errorWrappers": [{"error": self.error}]}
        if not isinstance(question, dict) or not question.get("countryCode") or not question.get("vatNumber"):
            return {"actionSucceed": False, "errorWrappers": [{"error": "INVALID_INPUT"}]}
        found = self.registered.get(f"{question['countryCode']}{question['vatNumber']}")
        name, address = found or ("---", "---")
        return {
            **{key: question[key] for key in ("countryCode", "vatNumber")},
            "valid": found is not None,
            "requestIdentifier": f"WAPI{next(self.numbers):012d}",
            "name": name,
            "address": address,
        }


class Server(ThreadingHTTPServer):
    """A server that knows its register. Port 0 takes a free one."""

    daemon_threads = True

    def __init__(self, port: int, register: Register | None = None) -> None:
        super().__init__(("127.0.0.1", port), Handler)
        self.register = register or Register()

    @property
    def url(self) -> str:
        """What `VIES_API_BASE` has to be."""
        return f"http://127.0.0.1:{self.server_address[1]}"


class Handler(BaseHTTPRequestHandler):
    """One connection."""

    server: Server

    def do_POST(self) -> None:
        """Answer a question."""
        length = self.headers.get("Content-Length", "")
        register = self.server.register
        if self.path != PATH or not length.isdecimal() or int(length) > MAX_BODY:
            self._send(404, b"{}")
            return
        try:
            question = json.loads(self.rfile.read(int(length)))
        except ValueError:
            question = None
        answer = json.dumps(register.answer(question)).encode()
        self._send(register.status, answer if register.raw is None else register.raw)

    def _send(self, status: int, body: bytes) -> None:
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002  (the library's name)
        """Write no line for each question."""
