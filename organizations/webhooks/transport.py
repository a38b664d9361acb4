"""Send one message: to the address that was checked, without redirects or proxies, and never for long.

The name is resolved here, once; each address that it leads to must be public, and the connection goes to the
checked address itself, with the name for `Host` and the certificate. A name that leads elsewhere a moment
later (DNS rebinding) changes nothing.
"""

import socket
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import certifi
import urllib3
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.connectionpool import HTTPConnectionPool, HTTPSConnectionPool
from urllib3.exceptions import HTTPError, NewConnectionError, SSLError
from urllib3.exceptions import TimeoutError as SocketTooSlow

from organizations.webhooks.addresses import Place, is_loopback_text, is_public, read_address
from organizations.webhooks.errors import AddressRefused
from organizations.webhooks.rules import ANSWER_SECONDS, KEPT_OF_ANSWER

Resolver = Callable[[str, int], list[str]]


@dataclass(frozen=True, slots=True)
class Answer:
    """What came of a try: a `status` with the first 2 KB of the `text`, or an `error` (a code of ours)."""

    status: int | None = None
    text: str = ""
    error: str = ""
    milliseconds: int = 0

    @property
    def is_taken(self) -> bool:
        """Whether the receiver has it."""
        return self.status is not None and 200 <= self.status < 300


class PrivateAddress(Exception):
    """The name leads into a network that nothing is sent to."""


class _TooSlow(Exception):
    """The whole exchange took too long."""


def resolve(host: str, port: int) -> list[str]:
    """Return the addresses that a name leads to."""
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(entry[4][0]) for entry in found))


def send(*, url: str, body: bytes, headers: Mapping[str, str], resolver: Resolver = resolve) -> Answer:
    """Send `body` and return what came of it; nothing is raised whatever the other side does."""
    begun = time.monotonic()
    try:
        status, text = _exchange(read_address(url), body, headers, resolver)
        answer = Answer(status=status, text=text)
    except (AddressRefused, PrivateAddress):
        answer = Answer(error="address_refused")
    except SSLError:
        answer = Answer(error="certificate")
    except NewConnectionError:
        answer = Answer(error="connection")
    except (SocketTooSlow, _TooSlow):
        answer = Answer(error="timeout")
    except (HTTPError, OSError, ValueError):
        answer = Answer(error="no_answer")
    taken = int((time.monotonic() - begun) * 1000)
    return Answer(answer.status, answer.text, answer.error, taken)


def _exchange(place: Place, body: bytes, headers: Mapping[str, str], resolver: Resolver) -> tuple[int, str]:
    clock = _Deadline()
    pool = _pool(place, resolver, clock)
    try:
        with clock:
            response = pool.urlopen(
                "POST",
                place.target,
                body=body,
                headers={**headers, "Accept-Encoding": "identity", "Connection": "close"},
                redirect=False,
                retries=False,
                preload_content=False,
            )
            content = response.read(KEPT_OF_ANSWER, decode_content=False)
            response.close()
    except (HTTPError, OSError):
        if clock.is_over:
            raise _TooSlow from None
        raise
    finally:
        pool.close()
    if clock.is_over:  # an answer that was cut looks like one that has ended
        raise _TooSlow
    text = content.decode("utf-8", "replace").replace("\0", "\ufffd")
    return response.status, text


def _pool(place: Place, resolver: Resolver, clock: "_Deadline") -> HTTPConnectionPool:
    """Return a pool of one connection, which goes where `place` was checked to lead."""

    class Checked(HTTPConnection):
        def _new_conn(self) -> socket.socket:
            return _connect(self, place, resolver, clock)

    class CheckedTLS(HTTPSConnection):
        def _new_conn(self) -> socket.socket:
            return _connect(self, place, resolver, clock)

    settings: dict[str, Any] = {"timeout": urllib3.Timeout(ANSWER_SECONDS), "maxsize": 1}
    if place.scheme == "http":
        plain = HTTPConnectionPool(place.host, place.port, **settings)
        plain.ConnectionCls = Checked
        return plain
    tls = HTTPSConnectionPool(
        place.host, place.port, cert_reqs="CERT_REQUIRED", ca_certs=certifi.where(), **settings
    )
    tls.ConnectionCls = CheckedTLS
    return tls


def _connect(
    connection: HTTPConnection, place: Place, resolver: Resolver, clock: "_Deadline"
) -> socket.socket:
    """Return a socket to a checked address.

    :raises PrivateAddress: the name leads, or the socket went, into a network of somebody's own.
    """
    host = place.host
    try:
        addresses = [host] if place.is_local else resolver(host, place.port)
    except OSError as error:
        raise NewConnectionError(connection, "The name is not known.") from error
    allowed = is_loopback_text if place.is_local else is_public
    if not addresses or not all(allowed(address) for address in addresses):
        raise PrivateAddress
    if clock.is_over:  # who lets a name wait for its address gets no further time by that
        raise _TooSlow
    failed: OSError | None = None
    for address in addresses[:4]:
        try:
            made = socket.create_connection((address, place.port), timeout=clock.left())
        except OSError as error:
            failed = error
            continue
        if not allowed(str(made.getpeername()[0])):
            made.close()
            raise PrivateAddress
        clock.watch(made)
        return made
    raise NewConnectionError(connection, "There is no connection.") from failed


class _Deadline:
    """Ends an exchange by the clock: who sends a byte now and then does not get around the limit."""

    def __init__(self) -> None:
        self._ends = time.monotonic() + ANSWER_SECONDS
        self._watched: socket.socket | None = None
        self._timer = threading.Timer(ANSWER_SECONDS, self._cut)
        self._timer.daemon = True
        self.is_over = False

    def __enter__(self) -> None:
        self._timer.start()

    def __exit__(self, *_error: object) -> None:
        self._timer.cancel()
        if self._watched is not None:
            self._watched.close()

    def left(self) -> int:
        """Return the seconds that are left, at least one."""
        return max(1, int(self._ends - time.monotonic()))

    def watch(self, made: socket.socket) -> None:
        """Cut this connection when the time is over; a copy, as TLS takes the socket for itself.

        :raises _TooSlow: it is over already, and nobody would cut it any more.
        """
        self._watched = made.dup()
        if self.is_over:
            made.close()
            raise _TooSlow

    def _cut(self) -> None:
        self.is_over = True
        if self._watched is not None:
            try:
                self._watched.shutdown(socket.SHUT_RDWR)
            except OSError:  # it has ended by itself
                return
