"""Endpoints of webhooks for tests, and programs that take their messages on this machine."""

import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from manager.kit.scope import tenant_scope
from organizations.access.roles import Permission
from organizations.profile.models import Organization
from organizations.webhooks.models import WebhookEndpoint, WebhookMessage
from organizations.webhooks.services import add_endpoint, send_test
from tests.factories.billing import ACTOR, AT

ALL = frozenset(Permission)


class Program:
    """A customer's program: keeps what it gets, and answers as it is told."""

    def __init__(self, tls: ssl.SSLContext | None = None) -> None:
        self.got: list[tuple[dict[str, str], bytes]] = []
        self.statuses: list[int] = []
        self.answer = b"thank you"
        self.headers: dict[str, str] = {}
        self.holds: threading.Event | None = None
        program = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["content-length"]))
                program.got.append(({name.lower(): value for name, value in self.headers.items()}, body))
                if program.holds is not None:
                    program.holds.wait(30)
                self.send_response(program.statuses.pop(0) if program.statuses else 200)
                for name, value in program.headers.items():
                    self.send_header(name, value)
                self.send_header("Content-Length", str(len(program.answer)))
                self.end_headers()
                self.wfile.write(program.answer)

            def log_message(self, *_args: Any) -> None:
                """Say nothing."""

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.server.daemon_threads = True
        if tls is not None:
            self.server.socket = tls.wrap_socket(self.server.socket, server_side=True)
        self.url = f"{'https' if tls else 'http'}://127.0.0.1:{self.server.server_port}/hook"

    @property
    def ids(self) -> list[str]:
        """The `webhook-id` of each message, in the order in which they came."""
        return [headers["webhook-id"] for headers, _body in self.got]


@contextmanager
def running_program(tls: ssl.SSLContext | None = None) -> Iterator[Program]:
    """Run a program inside the block; with `tls` it takes nothing else."""
    program = Program(tls)
    thread = threading.Thread(target=program.server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield program
    finally:
        if program.holds is not None:
            program.holds.set()
        program.server.shutdown()
        program.server.server_close()
        thread.join()


def make_endpoint(
    organization: Organization,
    *,
    url: str = "https://hooks.example.com/manager",
    events: tuple[str, ...] = ("product.activated", "product.suspended"),
    at: datetime = AT,
) -> tuple[WebhookEndpoint, str]:
    """Return an endpoint made by its verb, and its secret."""
    with tenant_scope(organization.pk):
        return add_endpoint(organization=organization, url=url, events=events, can=ALL, actor=ACTOR, at=at)


def make_message(endpoint: WebhookEndpoint, *, at: datetime = AT) -> WebhookMessage:
    """Return a test message that waits."""
    with tenant_scope(endpoint.organization_id):
        return send_test(endpoint=endpoint, can=ALL, actor=ACTOR, at=at)
