"""The connection to PostFinance Checkout: signed requests, and what its errors mean for money.

Each request carries a token of its own, signed with the application user's key, that names path and method
(web service API 2.0, https://checkout.postfinance.ch/en-us/doc/api/web-service).
"""

import base64
import hashlib
import hmac
import json
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any
from urllib.parse import urlencode, urlsplit

import requests

from billing.gateway.errors import GatewayMisconfigured, GatewayRefused, GatewayUnavailable
from billing.gateway.vocabulary import ChargeResult, ChargeState, seconds_of

API_BASE = "https://checkout.postfinance.ch/api/v2.0"

_local = threading.local()


@dataclass(frozen=True, slots=True)
class PostFinanceOptions:
    """What a driver is made from; `api_base` is the test server, empty for PostFinance; `timeout` seconds."""

    space_id: str
    user_id: str
    authentication_key: str = field(repr=False)
    api_base: str = ""
    timeout: float = 10.0

    @property
    def base(self) -> str:
        """Address of the API without a slash at its end."""
        return (self.api_base or API_BASE).rstrip("/")


class Trouble(Exception):
    """Nobody knows what the call did; `kind` is `no_answer`, `provider_error`, `in_use` or `rate_limited`.

    `retry_after`: the seconds that the provider wants to be left alone, 0 where it says none.
    """

    def __init__(self, kind: str, retry_after: int = 0) -> None:
        super().__init__(kind)
        self.kind = kind
        self.retry_after = retry_after

    def as_charge(self, reference: str = "") -> ChargeResult:
        """Return what is known of a charge after it: nothing."""
        return ChargeResult(
            state=ChargeState.UNKNOWN,
            reference=reference,
            trouble=self.kind,
            retry_after=self.retry_after,
        )


class Refusal(Exception):
    """A definite answer: this call changed nothing."""

    def __init__(self, status: int, code: str, message: str) -> None:
        super().__init__(f"{status} {code}: {message}")
        self.http_status = status
        self.code = code
        self.message = message

    def as_error(self) -> GatewayMisconfigured | GatewayRefused:
        """Return the error to raise where no result can tell it."""
        if self.http_status in (401, 403):
            return GatewayMisconfigured()
        return GatewayRefused(provider_code=self.code, provider_message=self.message)


@contextmanager
def refused() -> Iterator[None]:
    """Tell a refusal in the panel's words; for calls that answer trouble with a state."""
    try:
        yield
    except Refusal as refusal:
        raise refusal.as_error() from refusal


@contextmanager
def asked() -> Iterator[None]:
    """Tell trouble and refusals in the panel's words; for calls whose answer is no state of money."""
    with refused():
        try:
            yield
        except Trouble as trouble:
            raise GatewayUnavailable(trouble=trouble.kind) from trouble


def send(
    options: PostFinanceOptions,
    method: str,
    path: str,
    *,
    query: Mapping[str, str] | None = None,
    body: Any = None,
) -> Any:
    """Make one call and return the decoded answer; fractions are `Decimal`.

    :raises Trouble: no answer, or one that says nothing about what was done.
    :raises Refusal: PostFinance does not accept the call.
    """
    address = f"{options.base}{path}" + (f"?{urlencode(query)}" if query else "")
    headers = {
        "Authorization": f"Bearer {token_for(options, method, address)}",
        "Space": options.space_id,
        "Accept": "application/json",
        **({"Content-Type": "application/json"} if body is not None else {}),
    }
    try:
        answer = _session().request(
            method,
            address,
            data=None if body is None else encode(body).encode(),
            headers=headers,
            timeout=options.timeout,
            allow_redirects=False,
        )
        return _read(answer)
    except requests.RequestException as error:
        raise Trouble("no_answer") from error


def _session() -> requests.Session:
    """Return this thread's connections; the environment's proxies and passwords play no part."""
    if not hasattr(_local, "session"):
        _local.session = requests.Session()
        _local.session.trust_env = False
    session: requests.Session = _local.session
    return session


def _read(answer: requests.Response) -> Any:
    if answer.status_code == 429:
        raise Trouble("rate_limited", seconds_of(answer.headers.get("Retry-After")))
    if answer.status_code == 409:
        raise Trouble("in_use")
    if 400 <= answer.status_code < 500:
        problem = _decode(answer) if answer.content else {}
        problem = problem if isinstance(problem, dict) else {}
        raise Refusal(answer.status_code, str(problem.get("code") or ""), str(problem.get("message") or ""))
    if not 200 <= answer.status_code < 300:
        raise Trouble("provider_error")
    return _decode(answer) if answer.content else None


def _decode(answer: requests.Response) -> Any:
    try:
        return json.loads(answer.text, parse_float=Decimal)
    except ValueError:
        # Some answers (the address of a page, a public key) are plain text.
        return answer.text.strip()


def token_for(options: PostFinanceOptions, method: str, address: str) -> str:
    """Return the signed token for one request (HS256)."""
    parts = urlsplit(address)
    path = f"{parts.path}?{parts.query}" if parts.query else parts.path
    claims = {
        "sub": options.user_id,
        "iat": int(time.time()),
        "requestPath": path,
        "requestMethod": method,
    }
    head = {"alg": "HS256", "typ": "JWT", "ver": 1}
    text = ".".join(_base64(json.dumps(part, separators=(",", ":")).encode()) for part in (head, claims))
    key = base64.b64decode(options.authentication_key)
    return f"{text}.{_base64(hmac.new(key, text.encode(), hashlib.sha256).digest())}"


def _base64(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def encode(value: Any) -> str:
    """Return JSON in which a `Decimal` is a number with all its digits."""
    if isinstance(value, Decimal):
        return format(value, "f")
    if isinstance(value, dict):
        return "{" + ",".join(f"{json.dumps(key)}:{encode(inner)}" for key, inner in value.items()) + "}"
    if isinstance(value, list | tuple):
        return "[" + ",".join(encode(inner) for inner in value) + "]"
    return json.dumps(value)
