"""The HTTP side: API, hosted pages and control on one port, a thread per connection."""

import json
import socket
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from manager.demo.psp.api import AnswerLost, answer
from manager.demo.psp.control import control
from manager.demo.psp.forms import decode
from manager.demo.psp.pages import Page, visit
from manager.demo.psp.sandbox import Sandbox

MAX_BODY = 1_000_000
PAGE_POLICY = "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; frame-ancestors 'none'"


class Server(ThreadingHTTPServer):
    """A server that knows its sandbox."""

    daemon_threads = True
    request_queue_size = 256

    def __init__(self, host: str, port: int, sandbox: Sandbox) -> None:
        super().__init__((host, port), Handler)
        self.sandbox = sandbox

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Say nothing when a caller hangs up; that is part of what is tested here."""


class Handler(BaseHTTPRequestHandler):
    """One connection."""

    protocol_version = "HTTP/1.1"
    server_version = "Sandbox"
    sys_version = ""
    disable_nagle_algorithm = True
    wbufsize = -1
    server: Server

    def do_GET(self) -> None:
        """Answer a GET."""
        self._answer("GET")

    def do_POST(self) -> None:
        """Answer a POST."""
        self._answer("POST")

    def _answer(self, method: str) -> None:
        parts = urlsplit(self.path)
        length = self.headers.get("Content-Length", "0")
        if not length.isdecimal() or int(length) > MAX_BODY:
            self.close_connection = True
            self._send_json(413, {"error": {"message": "Too large."}}, {})
            return
        body = self.rfile.read(int(length)).decode("utf-8", errors="replace")
        if parts.path.startswith("/_"):
            self._control(method, parts.path, body)
        elif parts.path.startswith("/v1/"):
            self._api(method, parts.path, body if method == "POST" else parts.query)
        else:
            fields = dict(parse_qsl(body if method == "POST" else parts.query, keep_blank_values=True))
            self._send_page(visit(self.server.sandbox, method=method, path=parts.path, fields=fields))

    def _api(self, method: str, path: str, form: str) -> None:
        try:
            result = answer(
                self.server.sandbox,
                method=method,
                path=path,
                params=decode(form),
                authorization=self.headers.get("Authorization", ""),
                key=self.headers.get("Idempotency-Key", ""),
            )
        except AnswerLost:
            self.close_connection = True
            self.connection.shutdown(socket.SHUT_RDWR)
            return
        self._send_json(result.status, result.body, result.headers)

    def _control(self, method: str, path: str, body: str) -> None:
        try:
            given = json.loads(body) if body else None
        except ValueError:
            self._send_json(400, {"error": {"message": "Not JSON."}}, {})
            return
        status, result = control(self.server.sandbox, method=method, path=path, body=given)
        self._send_json(status, result, {})

    def _send_json(self, status: int, body: dict[str, Any], headers: dict[str, str]) -> None:
        self._send(status, json.dumps(body).encode(), {"Content-Type": "application/json", **headers})

    def _send_page(self, page: Page) -> None:
        headers = {
            "Content-Type": "text/html; charset=utf-8",
            "Content-Security-Policy": PAGE_POLICY,
            "Cache-Control": "no-store",
            "Referrer-Policy": "no-referrer",
            "X-Content-Type-Options": "nosniff",
        }
        if page.location:
            headers["Location"] = page.location
        self._send(page.status, page.html.encode(), headers)

    def _send(self, status: int, body: bytes, headers: dict[str, str]) -> None:
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 - the base class calls it so
        """Keep quiet: the journal says what happened."""
