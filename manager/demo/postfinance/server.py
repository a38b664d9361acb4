"""The HTTP side: API, hosted page and control on one port, a thread per connection."""

import json
import socket
from html import escape
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from manager.demo.postfinance import transactions
from manager.demo.postfinance.api import PREFIX, AnswerLost, Request, answer
from manager.demo.postfinance.space import Problem, Space
from manager.demo.psp.pages.layout import STYLE
from manager.demo.psp.problems import ApiProblem
from manager.demo.psp.webhooks import Endpoint

MAX_BODY = 1_000_000
POLICY = "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; frame-ancestors 'none'"


class Server(ThreadingHTTPServer):
    """A server that knows its space; it listens on the loopback address only."""

    daemon_threads = True
    request_queue_size = 256

    def __init__(self, port: int, space: Space) -> None:
        super().__init__(("127.0.0.1", port), Handler)
        self.space = space

    @property
    def url(self) -> str:
        """Its address."""
        return f"http://127.0.0.1:{self.server_address[1]}"

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Say nothing when a caller hangs up; that is part of what is tested here."""


class Handler(BaseHTTPRequestHandler):
    """One connection."""

    protocol_version = "HTTP/1.1"
    server_version = "TestServer"
    sys_version = ""
    disable_nagle_algorithm = True
    wbufsize = -1
    server: Server

    def do_GET(self) -> None:
        """Answer a GET."""
        self._answer()

    do_POST = do_PATCH = do_DELETE = do_GET  # noqa: N815  (the base class calls them so)

    def _answer(self) -> None:
        parts = urlsplit(self.path)
        length = self.headers.get("Content-Length") or "0"
        if not length.isdecimal() or int(length) > MAX_BODY:
            self.close_connection = True
            return self._send_json(413, {})
        text = self.rfile.read(int(length)).decode("utf-8", errors="replace")
        if parts.path.startswith(PREFIX):
            return self._api(parts.path, dict(parse_qsl(parts.query)), text)
        if parts.path.startswith("/_"):
            return self._control(parts.path, text)
        return self._page(parts.path, dict(parse_qsl(text)))

    def _api(self, path: str, query: dict[str, str], text: str) -> None:
        request = Request(
            method=self.command,
            path=path.removeprefix(PREFIX),
            address=self.path,
            query=query,
            body=json.loads(text) if text else {},
            headers={name.lower(): value for name, value in self.headers.items()},
            public_url=self.server.url,
        )
        try:
            status, body = answer(self.server.space, request)
        except AnswerLost:
            self.close_connection = True
            self.connection.shutdown(socket.SHUT_RDWR)
            return
        self._send_json(status, body)

    def _control(self, path: str, text: str) -> None:
        space = self.server.space
        given = json.loads(text) if text else {}
        try:
            with space.work():
                self._send_json(200, control(space, path, given))
        except (ApiProblem, Problem) as problem:
            self._send_json(400, {"error": str(problem)})

    def _page(self, path: str, fields: dict[str, str]) -> None:
        space = self.server.space
        try:
            with space.work():
                transaction = space.find("transaction", path.removeprefix("/pay/"))
                is_open = transaction["state"] in transactions.UNPROCESSED
                if self.command == "POST" and is_open and fields.get("do") in ("ok", "decline", "leave"):
                    if fields["do"] != "leave":
                        transactions.finish(space, transaction, fields["do"])
                    is_left = fields["do"] == "leave" or transaction["state"] == "FAILED"
                    return self._send(
                        303, b"", {"Location": transaction["failedUrl" if is_left else "successUrl"]}
                    )
                html = page(transaction, is_open=is_open)
        except Problem as problem:
            return self._send_json(problem.status, problem.body)
        headers = {"Content-Type": "text/html; charset=utf-8", "Content-Security-Policy": POLICY}
        return self._send(200, html.encode(), headers)

    def _send_json(self, status: int, body: Any) -> None:
        self._send(status, json.dumps(body).encode(), {"Content-Type": "application/json"})

    def _send(self, status: int, body: bytes, headers: dict[str, str]) -> None:
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 - the base class calls it so
        """Keep quiet: the journal says what happened."""


def control(space: Space, path: str, given: Any) -> Any:
    """Answer the server's own addresses: health, journal, faults, reset, webhook, behaviour of a token."""
    if path == "/_journal":
        return {"entries": space.store.oldest_first("journal_entry"), "waiting": space.webhooks.waiting()}
    if path == "/_faults":
        space.faults.replace(given)
    elif path == "/_reset":
        space.reset()
    elif path == "/_webhook":
        space.webhooks.endpoint = Endpoint(str(given.get("url", "")))
    elif path.startswith("/_token/"):
        token = space.find("token", path.removeprefix("/_token/"))
        space.change("token", token, _behaviour=given["behaviour"])
    elif path.startswith("/_finish/"):
        transactions.finish(space, space.find("transaction", path.removeprefix("/_finish/")), given["as"])
    elif path != "/_health":
        raise Problem(404, "unknown_address")
    return {"status": "ok"}


def page(transaction: dict[str, Any], *, is_open: bool) -> str:
    """Return the hosted page: pay, be refused, or go back."""
    amount = f"{escape(transaction['currency'])} {transaction['authorizationAmount']}"
    name = "".join(escape(str(item["name"])) for item in transaction.get("lineItems", []))
    buttons = (
        '<form method="post"><button name="do" value="ok">Pay with PostFinance</button>'
        '<button class="quiet" name="do" value="decline">Be refused</button>'
        '<button class="quiet" name="do" value="leave">Back without paying</button></form>'
    )
    return (
        '<!doctype html><html lang="en"><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width">'
        f"<title>PostFinance (test)</title><style>{STYLE}</style>"
        '<p class="note">Test server: no money moves.</p><main class="narrow"><div class="panel">'
        f'<h1>PostFinance</h1><p class="amount">{amount}</p><p>{name}</p>'
        f"{buttons if is_open else '<p>This page is done.</p>'}</div></main></html>"
    )
