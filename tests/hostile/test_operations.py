"""Hostile bodies at every operation of the API: refused in the one shape of errors (API-4).

What is merely of another type or length than the document says is sent by tests/api/test_examples.py.
"""

import json
from typing import Any

import pytest

from tests.hostile.operations import ALWAYS_DONE, FIELDS, PASSED_OVER, PLAIN
from tests.hostile.payloads import COULD_BE_MEANT, JSON, JSON_BODIES, NEVER_RIGHT_IN_JSON, VALUES, share
from tests.hostile.sender import Sender
from tests.isolation.expectations import OPERATIONS, OWN_OPERATIONS

LINES = {**OPERATIONS, **OWN_OPERATIONS}
WRITING = sorted((name, method) for name, line in LINES.items() for method in line if method != "GET")
PARTS = 4  # so that several workers share them


class OperationCases:
    """The cases of one operation and method."""

    def __init__(self, sender: Sender, name: str, method: str) -> None:
        self.sender, self.name, self.method = sender, name, method
        self.turn = WRITING.index((name, method))
        self.route = sender.routes[f"api-1:{name}"]
        self.takes = (name, method) not in ALWAYS_DONE
        self.renew()

    def renew(self) -> None:
        """Turn to a fresh object: the one before may have been changed."""
        values = self.sender.values(self.route, fresh=True)
        self.path = self.route.address(values)
        self.fields = fill(FIELDS.get((self.name, self.method), {}), values)

    def send(self, case: str, body: bytes, kind: str = JSON, *, refused: bool) -> None:
        """Send a body; with `refused` it must be."""
        answer = self.sender.call(self.method, self.path, body, kind)
        case = f"{self.method} {self.name} {case}"
        self.sender.judge_operation(answer, case, refused=refused)
        if answer.status_code < 400:
            self.renew()

    def play(self) -> None:
        """Whole bodies that are none, then each field with each value."""
        for name, (body, kind) in share(JSON_BODIES.items(), self.turn, 3):
            self.send(name, body, kind, refused=self.takes and name not in COULD_BE_MEANT)
        for name, value in share(VALUES.items(), self.turn, 4):
            strict = self.takes and name in NEVER_RIGHT_IN_JSON
            self.send(f"all: {name}", as_json(dict.fromkeys(self.fields, value)), refused=strict)
        self.renew()
        for position, spot in enumerate(spots(self.fields)):
            for name, value in share(VALUES.items(), self.turn + position, 6):
                where = ".".join(map(str, spot))
                strict = name in NEVER_RIGHT_IN_JSON and (self.name, where) not in PASSED_OVER
                self.send(f"{where}: {name}", as_json(put(self.fields, spot, value)), refused=strict)
        before = self.sender.rows()
        for name in NEVER_RIGHT_IN_JSON:
            self.send(f"all: {name}", as_json(dict.fromkeys(self.fields, VALUES[name])), refused=self.takes)
        if self.takes:
            unchanged = self.sender.rows() == before
            self.sender.report.judge(unchanged, f"{self.method} {self.name}: garbage was refused and written")


def fill(value: Any, values: dict[str, Any]) -> Any:
    """Return the body with the organization's objects in it."""
    if isinstance(value, dict):
        return {key: fill(item, values) for key, item in value.items()}
    if isinstance(value, list):
        return [fill(item, values) for item in value]
    return values.get(value[1:-1], value) if isinstance(value, str) and value.startswith("{") else value


def spots(value: Any, before: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    """Return the way to every place inside a body."""
    inner = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    found = [before] if before else []
    for key, item in inner:
        found += spots(item, (*before, key))
    return found


def put(body: Any, spot: tuple[Any, ...], value: Any) -> Any:
    """Return a copy of the body with another value at one place."""
    copy = json.loads(json.dumps(body))
    place = copy
    for key in spot[:-1]:
        place = place[key]
    place[spot[-1]] = value
    return copy


def as_json(body: Any) -> bytes:
    """Return the body as it goes over the wire."""
    return json.dumps(body).encode()


def test_each_operation_has_its_fields_or_takes_none() -> None:
    """A new operation that takes a body has a line in operations.py."""
    assert sorted({*FIELDS, *PLAIN} ^ set(WRITING)) == []


@pytest.mark.parametrize("part", range(PARTS))
def test_operations_take_nothing_that_is_not_meant(sender: Sender, part: int) -> None:
    """4xx in the API's shape, never 5xx."""
    for name, method in WRITING[part::PARTS]:
        OperationCases(sender, name, method).play()
    sender.report.close(f"operations, part {part + 1} of {PARTS}", at_least=150)
