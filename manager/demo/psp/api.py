"""One request to the API: key checked, work done once, answer kept, faults of the plan applied."""

from dataclasses import dataclass, field
from typing import Any

from manager.demo.provider.faults import AnswerLost, Fault, strike
from manager.demo.psp.idempotency import fingerprint_of
from manager.demo.psp.problems import ApiProblem
from manager.demo.psp.resources.listing import expand
from manager.demo.psp.routes import Route, check_params, find_route
from manager.demo.psp.sandbox import Call, Sandbox, new_id, visible


@dataclass
class Answer:
    """What goes back."""

    status: int
    body: dict[str, Any]
    headers: dict[str, str] = field(default_factory=dict)


def answer(
    sandbox: Sandbox, *, method: str, path: str, params: dict[str, Any], authorization: str, key: str
) -> Answer:
    """Return the answer to one request.

    :raises AnswerLost: the fault plan wants the connection closed.
    """
    headers = {"Request-Id": new_id("req")}
    if key:
        headers["Idempotency-Key"] = key
    fault: Fault | None = None
    try:
        check_authorization(authorization)
        route, ids = find_route(method, path)
        check_params(route, params)
        with sandbox.lock:
            fault = sandbox.faults.take_request(method, path, params)
        strike(fault, refusal_of)
        call = Call(sandbox=sandbox, params=params, ids=ids, key=key if method == "POST" else "")
        result = carry_out(call, route, fault, fingerprint=fingerprint_of(method, path, params))
    except ApiProblem as problem:
        result = Answer(problem.status, visible(problem.body()), problem.headers)
    if fault_is(fault, "answer_lost_after_success"):
        raise AnswerLost
    return Answer(result.status, result.body, {**headers, **result.headers})


def fault_is(fault: Fault | None, kind: str) -> bool:
    """Return whether this fault is in force."""
    return fault is not None and fault.kind == kind


def check_authorization(authorization: str) -> None:
    """Refuse a call without a test key."""
    scheme, _, key = authorization.partition(" ")
    if scheme != "Bearer" or not key.startswith(("sk_test_", "rk_test_")):
        raise ApiProblem(
            401, "invalid_request_error", "Invalid API Key provided. Use one like sk_test_sandbox."
        )


def refusal_of(fault: Fault) -> ApiProblem | None:
    """Return what Stripe answers without having done anything."""
    if fault.kind == "rate_limited":
        problem = ApiProblem(429, "invalid_request_error", "Too many requests.", code="rate_limit")
        if fault.ms is not None:
            problem.headers["Retry-After"] = str(-(-fault.ms // 1000))
        return problem
    if fault.kind == "in_use":
        return ApiProblem(409, "idempotency_error", "This key is in use.", code="idempotency_key_in_use")
    if fault.kind == "error_500_before":
        return ApiProblem(500, "api_error", "An unknown error occurred. Nothing was done.")
    return None


def carry_out(call: Call, route: Route, fault: Fault | None, *, fingerprint: str) -> Answer:
    """Do the work of a request, once for each key, and keep the answer with the change."""
    sandbox = call.sandbox
    if call.key:
        with sandbox.lock:
            known = sandbox.keys.begin(call.key, fingerprint)
        if known is not None:
            return Answer(known["status"], known["body"], {"Idempotent-Replayed": "true"})
    try:
        if fault is not None and fault.kind == "delay":
            # After the key is reserved: who repeats meanwhile is told 409.
            fault.wait(1000)
        with sandbox.work():
            result = perform(call, route)
            if fault_is(fault, "error_500_after_success"):
                problem = ApiProblem(500, "api_error", "An unknown error occurred.")
                result = Answer(500, problem.body())
            if call.key:
                sandbox.keys.finish(call.key, status=result.status, body=result.body)
            return result
    finally:
        with sandbox.lock:
            sandbox.keys.abandon(call.key)


def perform(call: Call, route: Route) -> Answer:
    """Call the function of a route."""
    try:
        return Answer(200, visible(expand(call, route.handler(call))))
    except ApiProblem as problem:
        return Answer(problem.status, visible(problem.body()))
