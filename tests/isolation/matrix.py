"""Play the matrix: each route, method, person and target, and compare with what is expected."""

import json
import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import cycle
from typing import Any

import psycopg
import pytest
from django.db import connection
from django.urls import URLPattern, URLResolver, get_resolver
from django.urls.converters import IntConverter

from organizations.profile.models import Organization
from tests.isolation import (  # noqa: F401  (they add their makers)
    access_objects,
    billing_objects,
    change_objects,
    dyndns_objects,
    life_objects,
    list_objects,
    mail_objects,
    receiver_objects,
    task_objects,
    webhook_objects,
)
from tests.isolation.expectations import (
    ANSWERS_BEHIND_THE_GUARD,
    EVERYBODY,
    LEAVERS,
    MISSING_IS_DONE,
    RIGHTS,
)
from tests.isolation.targets import Route, Target, body_of
from tests.isolation.world import FOREIGN, MISSING_ID, OWN, STAFF_WITHOUT_ACCESS, World, fingerprint

METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE")
OUTSIDERS = ("anonymous", "stranger", "removed", "invited", *STAFF_WITHOUT_ACCESS)
MEMBERS_IN_TURN = ("E", "C+", "A", "LR", "E+", "C", "A+")
OUTSIDERS_IN_TURN = ("removed", "anonymous", "invited", *STAFF_WITHOUT_ACCESS)
# Signed in, and no member: the organization is a missing one to them.
STRANGERS = frozenset(OUTSIDERS) - {"anonymous"}
# A method that a route does not have is tried by the strongest and the weakest.
TRY_EVERY_METHOD = ("LR+", "stranger", "anonymous")
# How a list, a form or a search answers to an object that is not there for the asker.
LISTED_AS_MISSING = frozenset({200, 201, 302, 400, 404, 409, 422})
REFUSED = frozenset({302, 401, 403, 404, 405})
TENANT_CONDITION = re.compile(r'("\w+"\."organization_id" = %s)')
SECRET = re.compile(r'(csrfmiddlewaretoken" value="|csrf-token" content="|"X-CSRFToken": ")[^"]+')


@dataclass
class Report:
    """What the matrix found; `cases` counts the requests that were judged."""

    cases: int = 0
    problems: list[str] = field(default_factory=list)

    def judge(self, ok: bool, case: str) -> None:
        """Count a case and keep it when it is wrong."""
        self.cases += 1
        if not ok:
            self.problems.append(case)

    def close(self, name: str, *, at_least: int = 1) -> None:
        """Print how many cases were judged; fail with all that were wrong, or when there were too few."""
        print(f"{name}: {self.cases} cases, {len(self.problems)} leaks")
        if self.problems:
            pytest.fail("\n".join(self.problems), pytrace=False)
        assert self.cases >= at_least


def walk_routes(resolver: Any = None, prefix: str = "", space: str = "") -> Iterator[Route]:
    """Yield every route of the panel, by its name with the app in front."""
    for entry in (resolver or get_resolver()).url_patterns:
        pattern = prefix + str(entry.pattern)
        if isinstance(entry, URLResolver):
            inner = entry.namespace or ""
            yield from walk_routes(entry, pattern, f"{space}{inner}:" if inner else space)
        elif isinstance(entry, URLPattern):
            numbers = {k for k, v in entry.pattern.converters.items() if isinstance(v, IntConverter)}
            names = tuple(re.findall(r"<(?:\w+:)?(\w+)>", pattern))
            yield Route(f"{space}{entry.name}", names, frozenset(numbers), pattern)


@contextmanager
def orm_filter_switched_off() -> Iterator[None]:
    """Make every condition on an organization true, so that row-level security alone has to hold."""

    def without(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        return execute(TENANT_CONDITION.sub(r"(\1 OR TRUE)", sql), params, many, context)

    with connection.execute_wrapper(without):
        yield


def plain(response: Any, path: str) -> tuple[int, str]:
    """Return status and body without what differs between any two answers of one page."""
    body = b"".join(response) if response.streaming else response.content
    text = SECRET.sub(r"\1", body.decode(errors="replace"))
    return response.status_code, text.replace(path, "…")


def is_let_in(response: Any) -> bool:
    """Return whether the answer came from behind the guard."""
    if response.status_code == 302 and response["Location"].startswith("/sign-in/"):
        return False
    return response.status_code < 500 and response.status_code not in {401, 403, 404, 405}


def holders(right: str) -> Sequence[str]:
    """Return who has a right."""
    return RIGHTS[right]


class Player:
    """Plays the cases of one organization's route, as a page or as an operation."""

    # Who asks for the missing organization on the route that is played, whatever is known already.
    witness = ""
    refusals: dict[str, frozenset[int]] = {
        "anonymous": frozenset({302}),
        **dict.fromkeys(STRANGERS, frozenset({404})),
    }

    def __init__(
        self, world: World, database: psycopg.Connection, report: Report, *, in_turn: bool = False
    ) -> None:
        """Let all people play each route; `in_turn`: the strongest, the stranger, and two others in turn.

        That is enough where the database is tried: it knows organizations and no roles.
        """
        self.world, self.database, self.report = world, database, report
        self.missing: set[tuple[str, str, str, tuple[int, str]]] = set()
        self.witnesses = cycle((*EVERYBODY, *sorted(STRANGERS)))
        self.in_turn = (
            zip(cycle(MEMBERS_IN_TURN), cycle(OUTSIDERS_IN_TURN), strict=False) if in_turn else None
        )

    def _cast(self) -> tuple[str, ...]:
        """Return who plays the next route."""
        if self.in_turn is None:
            return (*EVERYBODY, *OUTSIDERS)
        return ("LR+", "stranger", *next(self.in_turn))

    def send(self, who: str, method: str, route: Route, values: dict[str, Any]) -> tuple[Any, str]:
        """Send a request of a browser; return the answer and its path."""
        path, fields, client = route.address(values), body_of(route, values), self.world.client(who)
        if method == "GET":
            return client.get(path, fields), path
        if method == "POST":
            return client.post(path, fields), path
        return client.generic(method, path, b"", content_type="application/x-www-form-urlencoded"), path

    def play(self, route: Route, line: dict[str, str]) -> None:
        """Play every case: first all that is refused, which must change nothing; then what is allowed."""
        world = self.world
        own, elsewhere = (Target(world, route, row, row) for row in (world.own, world.foreign))
        nowhere = Target(world, route, Organization(pk=MISSING_ID), None)
        objects = Target(world, route, world.own, world.foreign), Target(world, route, world.own, None)
        has_objects = any(name.endswith("_id") for name in own.values().keys() - {"organization_id"})
        for target in (elsewhere, *objects):
            target.values()
        before = {row.pk: fingerprint(self.database, row) for row in (world.own, world.foreign)}
        cast = self._cast()
        for method in METHODS:
            self.witness = next(self.witnesses) if method in line else TRY_EVERY_METHOD[0]
            allowed = holders(line[method]) if method in line else ()
            for who in cast if method in line else TRY_EVERY_METHOD:
                self._be_refused(route, method, who, line, (own, elsewhere, nowhere))
                if who in allowed and has_objects:
                    self._reach_for_objects(route, method, who, objects)
        self._compare(before, world.own, f"{route.name}: refused requests")
        self._compare(before, world.foreign, f"{route.name}: refused requests")
        for method, right in line.items():
            for who in filter(cast.__contains__, holders(right)):
                self._be_let_in(route, method, who, own)
        self._compare(before, world.foreign, f"{route.name}: allowed requests")
        world.forget(world.own)

    def _be_refused(
        self, route: Route, method: str, who: str, line: dict[str, str], targets: Sequence[Target]
    ) -> None:
        own, elsewhere, nowhere = targets
        if who not in RIGHTS.get(line.get(method, ""), ()):
            response, path = self.send(who, method, route, own.values())
            expected = self.refusals.get(who, frozenset({403})) if method in line else REFUSED
            text = plain(response, path)[1].lower()
            leaks = FOREIGN in text or (who in OUTSIDERS and OWN in text)
            ok = response.status_code in expected and not leaks
            self.report.judge(ok, f"{who} {method} {path}: {response.status_code}{' leaks' * leaks}")
            if who in STRANGERS:
                same = self._is_as_missing(who, method, route, nowhere, plain(response, path))
                self.report.judge(same, f"{who} {method} {path}: differs from a missing organization")
        if who in EVERYBODY:
            response, path = self.send(who, method, route, elsewhere.values())
            seen = plain(response, path)
            ok = seen[0] in {404, 405} and self._is_as_missing(who, method, route, nowhere, seen)
            ok = ok and FOREIGN not in seen[1].lower()
            self.report.judge(ok, f"{who} {method} {path} (foreign organization): {seen[0]}")

    def _is_as_missing(
        self, who: str, method: str, route: Route, nowhere: Target, seen: tuple[int, str]
    ) -> bool:
        """Return whether the person is answered for an organization that is missing as was `seen`.

        The guard answers for missing ones, so the answers to a person are the same on all routes. Asked
        for is each route by one witness in turn, and whenever the answer was not given on a route before.
        """
        known = (who, method, "api" if route.name.startswith("api") else "page", seen)
        if known in self.missing and who != self.witness:
            return True
        same = seen == plain(*self.send(who, method, route, nowhere.values()))
        if same:
            self.missing.add(known)
        return same

    def _reach_for_objects(self, route: Route, method: str, who: str, targets: Sequence[Target]) -> None:
        """A foreign object under the own address is answered as a missing one."""
        foreign, missing = (plain(*self.send(who, method, route, target.values())) for target in targets)
        in_address = bool(route.numbers - {"organization_id"}) and route.key not in MISSING_IS_DONE
        ok = foreign[0] == missing[0] and foreign[0] in ({404} if in_address else LISTED_AS_MISSING)
        ok = ok and (foreign == missing or foreign[0] != 404) and FOREIGN not in foreign[1].lower()
        case = f"{who} {method} {route.name} (foreign object): {foreign[0]}, missing: {missing[0]}"
        self.report.judge(ok, case)

    def _be_let_in(self, route: Route, method: str, who: str, own: Target) -> None:
        leaving = method != "GET" and route.key in LEAVERS
        name = f"{who} leaving" if leaving else who
        if leaving:
            self.world.people[name] = self.world.join(who)
        response, path = self.send(name, method, route, own.values(fresh=method != "GET"))
        if leaving:
            del self.world.people[name]
            self.world.clients.pop(name, None)
            self.world.tokens = {key: token for key, token in self.world.tokens.items() if name not in key}
        is_in = is_let_in(response) or (response.status_code, route.key, method) in ANSWERS_BEHIND_THE_GUARD
        ok = is_in and FOREIGN not in plain(response, path)[1].lower()
        self.report.judge(ok, f"{who} {method} {path} (allowed): {response.status_code}")

    def _compare(self, before: dict[int, dict[str, str]], row: Organization, what: str) -> None:
        now = fingerprint(self.database, row)
        changed = [table for table, seen in now.items() if seen != before[row.pk][table]]
        self.report.judge(not changed, f"{what} changed {changed} of {row}")


class OperationPlayer(Player):
    """Plays an operation with tokens that have every scope."""

    refusals = {**Player.refusals, "anonymous": frozenset({401})}

    def send(self, who: str, method: str, route: Route, values: dict[str, Any]) -> tuple[Any, str]:
        """Send a request of a program; return the answer and its path."""
        headers = {} if who == "anonymous" else {"Authorization": f"Bearer {self.world.token(who)}"}
        return self.send_with(headers, method, route, values)

    def send_with(
        self, headers: dict[str, str], method: str, route: Route, values: dict[str, Any]
    ) -> tuple[Any, str]:
        """Send a request with these headers."""
        path, client = route.address(values), self.world.client("anonymous")
        if method == "GET":
            return client.get(path, body_of(route, values), headers=headers), path
        content = json.dumps(body_of(route, values)).encode()
        return client.generic(method, path, content, content_type="application/json", headers=headers), path
