"""The HTTP side of a provider: one port, a thread per connection, and a process that ends when told to."""

import json
import signal
import socket
import threading
from abc import ABC, abstractmethod
from collections.abc import Mapping
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import urlsplit

MAX_BODY = 1_000_000
PAGE_HEADERS = {
    "Content-Type": "text/html; charset=utf-8",
    "Content-Security-Policy": (
        "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; frame-ancestors 'none'"
    ),
    "Cache-Control": "no-store",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
}


class AnswerLost(Exception):
    """Close the connection without an answer."""


class Server(ThreadingHTTPServer):
    """A server that listens on one port; what it knows is its subclass's affair."""

    daemon_threads = True
    request_queue_size = 256

    @property
    def url(self) -> str:
        """Its address."""
        host, port = self.server_address[:2]
        return f"http://{host!s}:{port}"

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Say nothing when a caller hangs up; that is part of what is tested here."""

    def serve_until_told(self, name: str) -> None:
        """Print the address, and serve until SIGINT or SIGTERM."""
        ended = threading.Event()
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, lambda *_: ended.set())
        threading.Thread(target=self.serve_forever, kwargs={"poll_interval": 0.1}, daemon=True).start()
        print(f"{name}: {self.url}", flush=True)
        ended.wait()
        self.shutdown()


class Handler(BaseHTTPRequestHandler, ABC):
    """One connection. `respond` answers a request whose body was read."""

    protocol_version = "HTTP/1.1"
    server_version = "Sandbox"
    sys_version = ""
    disable_nagle_algorithm = True
    wbufsize = -1

    @abstractmethod
    def respond(self, path: str, query: str, body: str) -> None:
        """Answer, or raise `AnswerLost`."""

    def do_GET(self) -> None:
        """Answer a request of any method."""
        parts = urlsplit(self.path)
        length = self.headers.get("Content-Length") or "0"
        if not length.isdecimal() or int(length) > MAX_BODY:
            self.close_connection = True
            self.send_json(413, {"error": {"message": "Too large."}})
            return
        try:
            body = self.rfile.read(int(length)).decode("utf-8", errors="replace")
            self.respond(parts.path, parts.query, body)
        except AnswerLost:
            self.close_connection = True
            self.connection.shutdown(socket.SHUT_RDWR)

    do_POST = do_PATCH = do_DELETE = do_GET  # noqa: N815  (the base class calls them so)

    def send_json(self, status: int, body: Any, headers: Mapping[str, str] | None = None) -> None:
        """Answer with JSON."""
        self.send(status, json.dumps(body).encode(), {"Content-Type": "application/json", **(headers or {})})

    def send_page(self, status: int, html: str, location: str = "") -> None:
        """Answer with a page that runs no script, or lead elsewhere."""
        headers = {**PAGE_HEADERS, "Location": location} if location else PAGE_HEADERS
        self.send(status, html.encode(), headers)

    def send(self, status: int, body: bytes, headers: Mapping[str, str]) -> None:
        """Answer with these bytes."""
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 - the base class calls it so
        """Keep quiet: the journal says what happened."""
