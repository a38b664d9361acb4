"""Examples that Schemathesis makes of the API's document, and their answers held against that document."""

import json
import re
from contextlib import suppress
from functools import cache
from typing import Any
from urllib.parse import quote, urlencode
from zlib import crc32

import requests
import schemathesis
from django.conf import settings as panel
from django.test import Client, override_settings
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from hypothesis.errors import Unsatisfiable
from schemathesis import Case, GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.core import NOT_SET
from schemathesis.core.failures import FailureGroup
from schemathesis.core.result import Ok
from schemathesis.core.transport import Response
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from tests.factories.billing import make_legal_entity
from tests.hostile.operations import FIELDS
from tests.hostile.sender import Sender, reason_of
from tests.isolation.expectations import LEAVERS, OPERATIONS
from tests.isolation.targets import Route

# Wrong ones cost five times what others do, and tests/hostile/test_operations.py sends more of them.
EXAMPLES, WRONG = 100, 10
# What serves browsers alone: the request of a program has nothing for it.
OF_BROWSERS = ("whitenoise.", "csp.", "django_otp.", "django_htmx.", "axes.", "django.contrib.messages.")
# By name: who sends to an organization's operations, and who to a person's own, whose objects are made for
# the legal representative.
PEOPLE = {"anonymous": ("", ""), "collaborator": ("C+", "C+"), "administrator": ("A+", "LR+")}
# Who has no token is refused alike whatever is sent; `make bench` sends all examples as everybody.
TURNS_OF_STRANGERS = 5
# Operations of an organization on what each member keeps alone.
OF_MEMBERS = frozenset({"filter", "default_filter"})
CHECKS = [
    not_a_server_error, status_code_conformance, content_type_conformance, response_schema_conformance,
]  # fmt: skip
# The same examples at every run, none of them made smaller: what is wrong is told as it was sent.
STEADY: dict[str, Any] = {
    "derandomize": True,
    "database": None,
    "deadline": None,
    "phases": [Phase.generate],
    "suppress_health_check": list(HealthCheck),
}


@cache
def operations() -> list[Any]:
    """Return all operations of the document, in the order of their paths."""
    document = schemathesis.openapi.from_dict(Client().get("/api/openapi.json").json())
    found: list[Any] = [result.ok() for result in document.get_all_operations() if isinstance(result, Ok)]
    return sorted(found, key=lambda operation: (operation.path, operation.method))


def make_client() -> Client:
    """Return the client of a program; a 500 is a finding like others."""
    client = Client(raise_request_exception=False)
    chain = [name for name in panel.MIDDLEWARE if not name.startswith(OF_BROWSERS)]
    with override_settings(MIDDLEWARE=chain):
        client.handler.load_middleware()
    return client


class Examples:
    """The examples of one operation: people take turns, or with `everybody` each of them sends all."""

    def __init__(self, sender: Sender, operation: Any, *, everybody: bool = False) -> None:
        self.sender, self.operation, self.everybody = sender, operation, everybody
        self.route = next(route for route in sender.routes.values() if is_route_of(operation, route))
        self.name = self.route.key.partition(":")[2]
        self.right = FIELDS.get((self.name, operation.method.upper()), {})
        self.client = make_client()
        self.request = requests.Request(
            operation.method.upper(), "http://localhost" + operation.path
        ).prepare()

    def play(self) -> None:
        """Send what is wrong, then what the document allows, a hundred together."""
        make_legal_entity()
        self.renew()
        sent = self._play(GenerationMode.NEGATIVE, WRONG)
        sent += self._play(GenerationMode.POSITIVE, EXAMPLES - sent)
        self.sender.report.judge(sent >= EXAMPLES, f"{self.operation.label}: {sent} examples")

    def _play(self, mode: GenerationMode, number: int) -> int:
        """Send so many examples; return how many there are: nothing is wrong where nothing is asked."""
        sent = 0

        @settings(max_examples=number, **STEADY)
        @given(case=self.operation.as_strategy(generation_mode=mode), _turn=st.integers(0, 2**20))
        def play(case: Case, _turn: int) -> None:
            nonlocal sent
            sent += 1
            place = crc32(b"%d" % sent)  # Hypothesis takes the least of its numbers every other time
            for who in PEOPLE if self.everybody else turn(sent):
                self._reach(case, place)  # what the one before has changed or removed is another one now
                self._send(case, who)

        with suppress(Unsatisfiable):
            play()
        return sent

    def renew(self) -> None:
        """Turn to fresh objects: those before may have been changed."""
        self.sent: set[tuple[Any, ...]] = set()
        self.values = self.sender.values(self.route, fresh=True)

    def _reach(self, case: Case, place: int) -> None:
        """Lead most examples to objects that are there; give some of them fields that lead on, too."""
        if place % 3:
            case.path_parameters = {
                name: self.values.get(name, value) for name, value in case.path_parameters.items()
            }
        if place % 5 and isinstance(case.body, dict) and self.right:
            kept = {name: value for bit, (name, value) in enumerate(self.right.items()) if place >> bit & 8}
            case.body = {**case.body, **fill(kept, self.values)}

    def _send(self, case: Case, who: str) -> None:
        code = PEOPLE[who][self.name in OF_MEMBERS or self.name not in OPERATIONS]
        headers = {f"HTTP_{name.upper().replace('-', '_')}": value for name, value in case.headers.items()}
        headers.pop("HTTP_AUTHORIZATION", None)
        if code:
            headers["HTTP_AUTHORIZATION"] = f"Bearer {self.sender.world.token(code)}"
        values = {name: quote(str(value), safe="") for name, value in case.path_parameters.items()}
        path, query = case.path.format(**values), urlencode(case.query, doseq=True)
        body = as_bytes(case.body)
        request = (who, path, query, body, case.media_type, *sorted(headers.items()))
        if request in self.sent:  # nothing has changed since, so neither has the answer
            return
        self.sent.add(request)
        self.sender.valkey.flushdb()  # else a limit would answer all that follows
        answer = self.client.generic(
            case.method, path, body, content_type=case.media_type or "", QUERY_STRING=query, **headers
        )
        wrong = self._compare(case, answer)
        told = f"{who} {case.method} {path}?{query[:100]} {body[:300]!r}: {answer.status_code} {wrong}"
        self.sender.report.judge(not wrong, told)
        if answer.status_code < 300 and case.method != "GET":
            if self.route.key in LEAVERS:
                self.sender.world.replace(code)
            self.renew()

    def _compare(self, case: Case, answer: Any) -> str:
        """Return what the document says otherwise."""
        if answer.status_code >= 500:
            return reason_of(answer)
        if answer.status_code == 429:
            return "nobody has looked at it"
        content = b"".join(answer.streaming_content) if answer.streaming else answer.content
        headers = {name: [value] for name, value in answer.headers.items()}
        try:
            case.validate_response(
                Response(answer.status_code, headers, content, self.request, elapsed=0.0, verify=False),
                CHECKS,
            )
        except FailureGroup as found:
            return "; ".join(f"{failure.title} {failure.message[:400]}" for failure in found.exceptions)
        return ""


def turn(number: int) -> list[str]:
    """Return who sends this example: one of those with a token, and now and then a stranger as well."""
    strangers = [] if number % TURNS_OF_STRANGERS else ["anonymous"]
    return [*strangers, "collaborator" if number % 2 else "administrator"]


def fill(value: Any, values: dict[str, Any]) -> Any:
    """Return the body with the organization's objects in it."""
    if isinstance(value, dict):
        return {key: fill(item, values) for key, item in value.items()}
    if isinstance(value, list):
        return [fill(item, values) for item in value]
    return values.get(value[1:-1], value) if isinstance(value, str) and value.startswith("{") else value


def as_bytes(body: Any) -> bytes:
    """Return a body as it goes over the wire."""
    if body is NOT_SET:
        return b""
    if isinstance(body, bytes):
        return body
    return json.dumps(body, default=lambda raw: raw.decode("latin-1")).encode()


def is_route_of(operation: Any, route: Route) -> bool:
    """Return whether an operation of the document is the route's."""
    return bool("/" + re.sub(r"<(?:\w+:)?(\w+)>", r"{\1}", route.pattern) == operation.path)
