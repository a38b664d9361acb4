"""Write docs/isolation.md: who may do what, and what proves it. `make isolation-report`.

Everything in it comes from the expectations that the matrix plays, so it says nothing that is not tried.
"""

import os
import re
from collections import Counter
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import django

FILE = Path(__file__).resolve().parents[2] / "docs" / "isolation.md"
ATTACKERS = {
    "anonymous": "a visitor who has not signed in",
    "stranger": "a member of another organization",
    "removed": "somebody who was a member",
    "invited": "somebody who is invited and has not accepted",
    "staff": "staff with every right and without support access",
    "supporter": "staff with every right who work in another organization by its support access",
    "member": "a member without the right",
    "member, other organization": "a member at the address of another organization",
    "member, other's object": "a member with an object of another organization at the own address",
    "allowed": "a member with the right: is let in, and sees nothing of others",
    "kinds of tokens": "a token revoked, expired, bound elsewhere, made up, or without the scope",
}


def write() -> str:
    """Return the page."""
    from tests.isolation.expectations import OPERATIONS, PAGES, PERSON, PERSONAL, PUBLIC, STAFF
    from tests.isolation.matrix import walk_routes

    routes = {route.name: route for route in walk_routes()}
    operations = {
        name: {method: right for method, (right, _) in line.items()} for name, line in OPERATIONS.items()
    }
    cases = count_all(PAGES, operations, OPERATIONS)
    parts = [
        "# Isolation",
        INTRODUCTION,
        "## What is tried",
        table(["attacker", "cases"], [[ATTACKERS[who], f"{cases[who]:,}"] for who in ATTACKERS]),
        f"{cases.total():,} cases in all. {TWICE}",
        "## Row-level security",
        *_policies(PERSON),
        "## Pages of an organization",
        ROLES,
        table(["page", "address", "method", *HEAD], _lines(PAGES, routes, "")),
        "## Operations of an organization",
        table(["operation", "address", "method", *HEAD], _lines(operations, routes, "api-1:")),
        "## Pages of a person, of the back office, and open to everybody",
        f"{OTHERS} {len(PUBLIC)} more routes are open to everybody and show nothing of anybody.",
        table(["page of a person", "methods"], [[f"`{n}`", ", ".join(m)] for n, m in PERSONAL.items()]),
        table(
            ["page of the back office", "right", "methods"],
            [[f"`{n}`", line["right"] or "any", ", ".join(line["methods"])] for n, line in STAFF.items()],
        ),
    ]
    return "\n\n".join(parts) + "\n"


INTRODUCTION = """Nothing of an organization can be read or written from another one (ORG-17). This page is
written by `make isolation-report` from the tables of expectations in `tests/isolation/expectations/`, and a
test fails when it is out of date. `make test` plays all of it: every route and operation, with each method,
as each person, against own, foreign and missing objects. A route without a line fails; a foreign object is
answered exactly like a missing one; no refused request may change a row."""

TWICE = """Each page is played twice and each operation four times: as it is, and with
every condition on an organization taken out of the ORM's queries, so that row-level security alone has to
hold; operations also under both of their addresses."""

POLICIES = """`pgrls verify` proves the policy of the tenant for reading and for writing on each of the tables
below, and a planted bad policy is not proved (`tests/isolation/test_proof.py`). The policy has one form
everywhere, forced: `organization_id = (select current_setting('app.organization', true)::bigint)`. The
operator's role has a policy and a connection of its own. These tables have one more, by which a person reads
and nobody writes:"""

ROLES = """`LR` legal representative, `A` administrator, `C` collaborator, `E` external user; `+` has the
billing right. `●` may, `·` is refused with 403 and told which right is missing. Everybody else gets the
answer of a missing page."""

OTHERS = """A person's pages show the own objects alone. Those of the back office ask for a right and a second
factor."""

HEAD = ("LR", "LR+", "A", "A+", "C", "C+", "E", "E+")


def count_all(
    pages: Mapping[str, dict[str, str]],
    operations: Mapping[str, dict[str, str]],
    scopes: Mapping[str, Mapping[str, object]],
) -> Counter[str]:
    """Return how many requests are judged for each kind of attacker, in both runs."""
    from tests.isolation.matrix import walk_routes

    routes, total = {route.name: route for route in walk_routes()}, Counter[str]()
    for name, line in pages.items():
        for who, number in count_cases(routes[name], line).items():
            total[who] += 2 * number
    for name, line in operations.items():
        for who, number in count_cases(routes[f"api-1:{name}"], line).items():
            total[who] += 4 * number
    total["kinds of tokens"] = KINDS_OF_TOKENS * sum(len(line) for line in scopes.values())
    return total


# revoked, expired, bound elsewhere: of a token and of an application; without the scope, of both; made up.
KINDS_OF_TOKENS = 9


def count_cases(route: Any, line: Mapping[str, str]) -> Counter[str]:
    """Return how many requests the matrix judges for a route, by the kind of attacker."""
    from tests.isolation.expectations import BODIES, EVERYBODY, RIGHTS
    from tests.isolation.matrix import METHODS, OUTSIDERS, STRANGERS, TRY_EVERY_METHOD

    named = {*route.parameters, *re.findall(r"{([a-z_]+)}", str(BODIES.get(route.key, {})))}
    has_objects = any(name.endswith("_id") for name in named - {"organization_id"})
    found = Counter[str]()
    for method in METHODS:
        allowed = RIGHTS[line[method]] if method in line else ()
        for who in (*EVERYBODY, *OUTSIDERS) if method in line else TRY_EVERY_METHOD:
            if who not in allowed:
                found["member" if who in EVERYBODY else who] += 2 if who in STRANGERS else 1
            if who in EVERYBODY:
                found["member, other organization"] += 1
            if who in allowed and has_objects:
                found["member, other's object"] += 1
        found["allowed"] += len(allowed)
    return found


def _policies(person: Mapping[str, str]) -> Iterable[str]:
    from tests.architecture.test_tenancy import tenant_models

    tables = sorted(model._meta.db_table for model in tenant_models())
    yield POLICIES
    reasons = [[f"`{name}`", reason] for name, reason in person.items()]
    yield table(["table", "why people read it without an organization"], reasons)
    yield table([f"proved for reading and writing: {len(tables)} tables"], [[f"`{name}`"] for name in tables])


def _lines(
    lines: Mapping[str, Mapping[str, str]], routes: Mapping[str, object], space: str
) -> list[list[str]]:
    from tests.isolation.expectations import RIGHTS

    found = []
    for name, line in lines.items():
        address = re.sub(r"<(?:\w+:)?(\w+)>", r"{\1}", routes[space + name].pattern)
        for start in ("o/{organization_id}", "api/1/organizations/{organization}"):
            address = address.removeprefix(start)
        for method, right in line.items():
            marks = ["●" if who in RIGHTS[right] else "·" for who in HEAD]
            found.append([f"`{name}`", f"`…{address}`", method, *marks])
    return found


def table(head: Iterable[str], rows: Iterable[Iterable[str]]) -> str:
    """Return a table of Markdown."""
    head = list(head)
    lines = ["| " + " | ".join(head) + " |", "|" + "---|" * len(head)]
    return "\n".join([*lines, *("| " + " | ".join(row) + " |" for row in rows)])


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "manager.settings.test")
    django.setup()
    FILE.write_text(write(), encoding="utf-8")
    print(f"docs/{FILE.name} is written.")
