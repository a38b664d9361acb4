"""The HTTP side: API, hosted page and control on one port."""

import json
from html import escape
from typing import Any
from urllib.parse import parse_qsl

from manager.demo.postfinance import transactions
from manager.demo.postfinance.api import PREFIX, Request, answer
from manager.demo.postfinance.space import Problem, Space
from manager.demo.provider import server
from manager.demo.provider.deliveries import Endpoint
from manager.demo.psp.pages.layout import STYLE


class Server(server.Server):
    """A server that knows its space; it listens on the loopback address only."""

    def __init__(self, port: int, space: Space) -> None:
        super().__init__(("127.0.0.1", port), Handler)
        self.space = space


class Handler(server.Handler):
    """One connection."""

    server: Server

    def respond(self, path: str, query: str, body: str) -> None:
        """Answer for the API, the server's own addresses or the page."""
        if path.startswith(PREFIX):
            self._api(path, dict(parse_qsl(query)), body)
        elif path.startswith("/_"):
            self._control(path, body)
        else:
            self._page(path, dict(parse_qsl(body)))

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
        self.send_json(*answer(self.server.space, request))

    def _control(self, path: str, text: str) -> None:
        space = self.server.space
        given = json.loads(text) if text else {}
        try:
            with space.work():
                self.send_json(200, control(space, path, given))
        except (Problem, TypeError, ValueError) as problem:
            self.send_json(400, {"error": str(problem)})

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
                    return self.send_page(303, "", transaction["failedUrl" if is_left else "successUrl"])
                html = page(transaction, is_open=is_open)
        except Problem as problem:
            return self.send_json(problem.status, problem.body)
        return self.send_page(200, html)


def control(space: Space, path: str, given: Any) -> Any:
    """Answer the server's own addresses: health, journal, faults, reset, webhook, behaviour of a token."""
    if path == "/_journal":
        return {"entries": space.journal(), "waiting": space.webhooks.waiting()}
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
