"""The HTTP side: API, hosted pages and control on one port."""

import json
from urllib.parse import parse_qsl

from manager.demo.provider import server
from manager.demo.psp.api import answer
from manager.demo.psp.control import control
from manager.demo.psp.forms import decode
from manager.demo.psp.pages import visit
from manager.demo.psp.sandbox import Sandbox


class Server(server.Server):
    """A server that knows its sandbox."""

    def __init__(self, host: str, port: int, sandbox: Sandbox) -> None:
        super().__init__((host, port), Handler)
        self.sandbox = sandbox


class Handler(server.Handler):
    """One connection."""

    server: Server

    def respond(self, path: str, query: str, body: str) -> None:
        """Answer for the API, the sandbox's own addresses or a page."""
        form = query if self.command == "GET" else body
        if path.startswith("/_"):
            self._control(path, body)
        elif path.startswith("/v1/"):
            self._api(path, form)
        else:
            fields = dict(parse_qsl(form, keep_blank_values=True))
            page = visit(self.server.sandbox, method=self.command, path=path, fields=fields)
            self.send_page(page.status, page.html, page.location)

    def _api(self, path: str, form: str) -> None:
        result = answer(
            self.server.sandbox,
            method=self.command,
            path=path,
            params=decode(form),
            authorization=self.headers.get("Authorization", ""),
            key=self.headers.get("Idempotency-Key", ""),
        )
        self.send_json(result.status, result.body, result.headers)

    def _control(self, path: str, body: str) -> None:
        try:
            given = json.loads(body) if body else None
        except ValueError:
            self.send_json(400, {"error": {"message": "Not JSON."}})
            return
        self.send_json(*control(self.server.sandbox, method=self.command, path=path, body=given))
