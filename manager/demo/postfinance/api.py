"""One request to the API: token checked, work done, faults of the plan applied."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from manager.demo.postfinance import transactions
from manager.demo.postfinance.signing import KEY_ID, SPACE_ID, is_allowed
from manager.demo.postfinance.space import Problem, Space
from manager.demo.provider.faults import AnswerLost, Fault, strike
from manager.demo.provider.store import Thing

PREFIX = "/api/v2.0"
AMOUNTS = frozenset(
    {"authorizationAmount", "completedAmount", "refundedAmount", "amount", "amountIncludingTax"}
)


@dataclass(frozen=True, slots=True)
class Request:
    """One call: `path` without the prefix, `address` as it was signed."""

    method: str
    path: str
    address: str
    query: dict[str, str]
    body: Any
    headers: dict[str, str]
    public_url: str


def answer(space: Space, request: Request) -> tuple[int, Any]:
    """Return status and body of the answer.

    :raises AnswerLost: the fault plan wants the connection closed.
    """
    try:
        _check(request)
        with space.lock:
            fault = space.faults.take_request(request.method, PREFIX + request.path)
        strike(fault, _refusal_of)
        kind = fault.kind if fault is not None else ""
        if fault is not None and kind == "delay":
            fault.wait(1000)
        with space.work():
            body = visible(_carry_out(space, request))
    except Problem as problem:
        return problem.status, problem.body
    if kind == "error_500_after_success":
        return 500, {}
    if kind == "answer_lost_after_success":
        raise AnswerLost
    return 200, body


def _check(request: Request) -> None:
    authorization = request.headers.get("authorization", "")
    if not is_allowed(authorization, method=request.method, path=request.address):
        raise Problem(401, "unauthorized")
    if request.headers.get("space") != SPACE_ID:
        raise Problem(403, "wrong_space")


def _refusal_of(fault: Fault) -> Problem | None:
    """Return what PostFinance answers without having done anything."""
    status = {"rate_limited": 429, "in_use": 409, "error_500_before": 500}.get(fault.kind)
    return Problem(status, fault.kind) if status else None


def _carry_out(space: Space, request: Request) -> Any:
    for method, pattern, handler in ROUTES:
        match = re.fullmatch(pattern, request.path)
        if match is not None and method == request.method:
            return handler(space, request, *match.groups())
    raise Problem(404, "unknown_address", f"The test server knows only what the panel uses: {request.path}")


def visible(value: Any) -> Any:
    """Return a copy with amounts as numbers, without what is the server's own business (`_…`)."""
    if isinstance(value, dict):
        return {
            key: float(Decimal(str(inner))) if key in AMOUNTS else visible(inner)
            for key, inner in value.items()
            if not key.startswith("_")
        }
    if isinstance(value, list):
        return [visible(inner) for inner in value]
    return value


def _search(kind: str) -> Callable[[Space, Request], Thing]:
    def search(space: Space, request: Request) -> Thing:
        name, _, wanted = request.query.get("query", "").partition(":")
        if name != "merchantReference" or not wanted:
            raise Problem(400, "query_not_understood")
        found = [one for one in reversed(space.all(kind)) if one.get(name) == wanted]
        return {"data": found[: int(request.query.get("limit", "10"))], "hasMore": False, "offset": 0}

    return search


def _change(space: Space, request: Request, identifier: str) -> Thing:
    return transactions.update(space, space.find("transaction", identifier), dict(request.body))


def _page(space: Space, request: Request, identifier: str) -> str:
    space.find("transaction", identifier)
    return f"{request.public_url}/pay/{identifier}"


def _delete_token(space: Space, _request: Request, identifier: str) -> None:
    token = space.find("token", identifier)
    if token["state"] == "DELETED":
        raise Problem(404, "not_found")
    space.change("token", token, state="DELETED")


def _key(space: Space, _request: Request, identifier: str) -> str:
    if identifier != KEY_ID:
        raise Problem(404, "not_found")
    return space.signer.public_key


def _token(space: Space, request: Request) -> Thing:
    body = request.body
    return transactions.make_token(
        space, str(body.get("customerId") or ""), external_id=str(body["externalId"])
    )


ROUTES: tuple[tuple[str, str, Callable[..., Any]], ...] = (
    ("POST", "/payment/transactions", lambda space, request: transactions.create(space, request.body)),
    ("GET", "/payment/transactions/search", _search("transaction")),
    ("GET", r"/payment/transactions/(\d+)", lambda space, _request, one: space.find("transaction", one)),
    ("PATCH", r"/payment/transactions/(\d+)", _change),
    ("GET", r"/payment/transactions/(\d+)/payment-page-url", _page),
    (
        "POST",
        r"/payment/transactions/(\d+)/process-without-interaction",
        lambda space, _request, one: transactions.process(space, space.find("transaction", one)),
    ),
    ("POST", "/payment/tokens", _token),
    ("GET", r"/payment/tokens/(\d+)", lambda space, _request, one: space.find("token", one)),
    ("DELETE", r"/payment/tokens/(\d+)", _delete_token),
    (
        "GET",
        r"/payment/tokens/(\d+)/active-version",
        lambda space, _request, one: transactions.active_version(space, space.find("token", one)),
    ),
    (
        "POST",
        r"/payment/tokens/(\d+)/create-transaction-for-token-update",
        lambda space, _request, one: transactions.token_update(space, space.find("token", one)),
    ),
    ("POST", "/payment/refunds", lambda space, request: transactions.refund(space, request.body)),
    ("GET", "/payment/refunds/search", _search("refund")),
    ("GET", r"/webhooks/encryption-keys/([a-z0-9-]+)", _key),
)
