"""The API's addresses: which function answers, and which parameters it knows. An unknown one is refused."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from fnmatch import fnmatchcase
from typing import Any

from manager.demo.psp.forms import paths
from manager.demo.psp.problems import ApiProblem, invalid
from manager.demo.psp.resources import (
    charges,
    checkout_sessions,
    customers,
    disputes,
    events,
    payment_intents,
    payment_methods,
    refunds,
    setup_intents,
)
from manager.demo.psp.resources.listing import LIST_PARAMS
from manager.demo.psp.sandbox import Call

Handler = Callable[[Call], dict[str, Any]]


@dataclass(frozen=True, slots=True)
class Route:
    """One address of the API."""

    method: str
    pattern: re.Pattern[str]
    handler: Handler
    params: tuple[str, ...]


def route(method: str, path: str, handler: Handler, *params: str) -> Route:
    """Return a route; `{id}` in the path is an id."""
    pattern = re.sub(r"\{(\w+)\}", r"(?P<\1>[^/]+)", path)
    return Route(method, re.compile(f"/v1/{pattern}"), handler, ("expand", *params))


ROUTES = (
    route("POST", "customers", customers.create, *customers.CREATE),
    route("GET", "customers", customers.list_all, "email", *LIST_PARAMS),
    route("GET", "customers/{id}", customers.retrieve),
    route("POST", "customers/{id}", customers.update, *customers.CREATE),
    route("GET", "customers/{customer}/payment_methods", payment_methods.list_all, "type", *LIST_PARAMS),
    route("POST", "payment_methods", payment_methods.create, *payment_methods.CREATE),
    route("GET", "payment_methods", payment_methods.list_all, "customer", "type", *LIST_PARAMS),
    route("GET", "payment_methods/{id}", payment_methods.retrieve),
    route("POST", "payment_methods/{id}/attach", payment_methods.attach, "customer"),
    route("POST", "payment_methods/{id}/detach", payment_methods.detach),
    route("POST", "setup_intents", setup_intents.create, *setup_intents.CREATE),
    route("GET", "setup_intents/{id}", setup_intents.retrieve),
    route("POST", "setup_intents/{id}/confirm", setup_intents.confirm, *setup_intents.CONFIRM),
    route("POST", "setup_intents/{id}/cancel", setup_intents.cancel),
    route("POST", "payment_intents", payment_intents.create, *payment_intents.CREATE),
    route("GET", "payment_intents", payment_intents.list_all, "customer", *LIST_PARAMS),
    route("GET", "payment_intents/search", payment_intents.search, "query", "limit", "page"),
    route("GET", "payment_intents/{id}", payment_intents.retrieve),
    route("POST", "payment_intents/{id}/confirm", payment_intents.confirm, *payment_intents.CONFIRM),
    route("POST", "payment_intents/{id}/cancel", payment_intents.cancel, "cancellation_reason"),
    route("POST", "checkout/sessions", checkout_sessions.create, *checkout_sessions.CREATE),
    route(
        "GET",
        "checkout/sessions",
        checkout_sessions.list_all,
        "customer",
        "payment_intent",
        "status",
        *LIST_PARAMS,
    ),
    route("GET", "checkout/sessions/{id}", checkout_sessions.retrieve),
    route("POST", "checkout/sessions/{id}/expire", checkout_sessions.expire),
    route("POST", "refunds", refunds.create, *refunds.CREATE),
    route("GET", "refunds", refunds.list_all, "charge", "payment_intent", *LIST_PARAMS),
    route("GET", "refunds/{id}", refunds.retrieve),
    route("GET", "charges", charges.list_all, "customer", "payment_intent", *LIST_PARAMS),
    route("GET", "charges/{id}", charges.retrieve),
    route("GET", "disputes", disputes.list_all, "payment_intent", *LIST_PARAMS),
    route("GET", "disputes/{id}", disputes.retrieve),
    route("GET", "events", events.list_all, "type", "types", *LIST_PARAMS),
    route("GET", "events/{id}", events.retrieve),
)


def find_route(method: str, path: str) -> tuple[Route, dict[str, str]]:
    """Return the route of a request and the ids in its path.

    :raises ApiProblem: 404, nothing is there.
    """
    for candidate in ROUTES:
        match = candidate.pattern.fullmatch(path)
        if match is not None and candidate.method == method:
            return candidate, match.groupdict()
    raise ApiProblem(
        404,
        "invalid_request_error",
        f"Unrecognized request URL ({method}: {path}). The sandbox knows only what the panel uses.",
    )


def check_params(found: Route, params: dict[str, Any]) -> None:
    """Refuse a parameter that the address does not know, as Stripe does.

    :raises ApiProblem: 400.
    """
    for name in paths(params):
        if not any(fnmatchcase(name, known) for known in found.params):
            raise invalid(
                f"Received unknown parameter: {name}", param=name.split(".")[0], code="parameter_unknown"
            )
