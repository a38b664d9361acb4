"""Answers about VAT numbers over HTTP: known ones, unknown ones, and times without an answer."""

import json
import re
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from itertools import count
from typing import Any

MAX_BODY = 10_000
PATH, UID_PATH = "/check-vat-number", "/uid"
# The Swiss register's question and answer; it tells yes or no.
ASKED = re.compile(rb"<vatNumber>(CHE\d{9})</vatNumber>")
UID = "http://www.uid.admin.ch/xmlns/uid-wse"

# By number with prefix: the name and address that are registered. All others are not valid.
REGISTERED = {
    "FR83404833048": ("BOULANGERIE DUPONT SARL", "8 RUE DES LILAS\n69003 LYON"),
    "DE136695976": ("Beispiel GmbH", "---"),
    "ATU13585627": ("Muster & Söhne KG", "Graben 1\n1010 Wien"),
    "IT00743110157": ("ESEMPIO SPA", "VIA ROMA 5\n20121 MILANO MI"),
    "CHE107787577": ("Muster AG", "Bahnhofstrasse 1\n8001 Zürich"),
    "CHE116281710": ("Alpina AG", "Hauptgasse 1\n3600 Thun"),
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

    def answer_uid(self, question: bytes) -> bytes | None:
        """Return what the Swiss register would say to `question`, None where it is not there."""
        found = ASKED.search(question)
        self.asked.append({"uid": found[1].decode() if found else ""})
        if self.error or found is None:
            return None
        if self.raw is not None:
            return self.raw
        known = str(found[1].decode() in self.registered).lower()
        result = f"<ValidateVatNumberResult>{known}</ValidateVatNumberResult>"
        return (
            '<s:Envelope xmlns:s="http://schemas.xmlsoap.org/soap/envelope/"><s:Body>'
            f'<ValidateVatNumberResponse xmlns="{UID}">{result}</ValidateVatNumberResponse>'
            "</s:Body></s:Envelope>"
        ).encode()


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
        if self.path not in {PATH, UID_PATH} or not length.isdecimal() or int(length) > MAX_BODY:
            self._send(404, b"{}")
            return
        body = self.rfile.read(int(length))
        if self.path == UID_PATH:
            told = register.answer_uid(body)
            self._send(500 if told is None else register.status, told or b"", kind="text/xml; charset=utf-8")
            return
        try:
            question = json.loads(body)
        except ValueError:
            question = None
        answer = json.dumps(register.answer(question)).encode()
        self._send(register.status, answer if register.raw is None else register.raw)

    def _send(self, status: int, body: bytes, kind: str = "application/json") -> None:
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002  (the library's name)
        """Write no line for each question."""
