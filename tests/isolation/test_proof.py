"""The policies proved by a solver, and the matrix itself tried on planted leaks (ORG-17)."""

import json
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psycopg
import pytest

from manager.kit.rowsecurity import ORGANIZATION
from tests.architecture.test_tenancy import tenant_models
from tests.database import TestDatabase
from tests.isolation.expectations import PAGES, PERSON
from tests.isolation.matrix import Player, Report, orm_filter_switched_off, walk_routes
from tests.isolation.world import build_world

PGRLS = Path(sys.executable).parent / "pgrls"
OPEN = "USING (true) WITH CHECK (true)"


@pytest.fixture
def verdicts(test_database: TestDatabase) -> Any:
    """Return a function that proves the tenants' policies: verdict by table."""

    def prove(mode: str) -> dict[str, str]:
        command = [PGRLS, "verify", "--schemas", "public", "--format", "json", "--mode", mode]
        done = subprocess.run(
            [*command, "--database-url", test_database.url("postgres")],
            capture_output=True,
            text=True,
            check=False,
        )
        return {
            table["table"].removeprefix("public."): policy["verdict"]
            for table in json.loads(done.stdout)["tables"]
            for policy in table["policies"]
            if policy["policy"] == "tenant"
        }

    return prove


@contextmanager
def planted(database: psycopg.Connection, policy: str) -> Iterator[None]:
    """Have a table with a bad policy for a while."""
    database.execute("CREATE TABLE planted (id bigint, organization_id bigint)")
    try:
        database.execute("ALTER TABLE planted ENABLE ROW LEVEL SECURITY")
        database.execute("ALTER TABLE planted FORCE ROW LEVEL SECURITY")
        database.execute(f"CREATE POLICY tenant ON planted {policy}".encode())
        yield
    finally:
        database.execute("DROP TABLE planted")


class TestThePolicies:
    @pytest.mark.parametrize("mode", ["cross-tenant", "write"])
    def test_are_proved_on_every_tenants_table(self, verdicts: Any, mode: str) -> None:
        """ORG-17: for reading and for writing."""
        found = verdicts(mode)
        open_ones = {
            name: found.get(name)
            for name in (model._meta.db_table for model in tenant_models())
            if found.get(name) != "isolated"
        }
        assert open_ones == {}
        print(f"{mode}: proven on {len(found)} tables")

    def test_stand_alone_but_for_those_with_a_reason(self, superuser_connection: psycopg.Connection) -> None:
        """ORG-17: a further policy opens rows, so each has a line with its reason, and only reads."""
        others = superuser_connection.execute(
            """
            SELECT tablename, policyname, cmd, qual FROM pg_policies
            WHERE policyname NOT IN ('tenant', 'operator')
            """
        ).fetchall()
        assert {(table, name, command) for table, name, command, _ in others} == {
            (table, "person", "SELECT") for table in PERSON
        }
        assert all("app.user" in qual for *_, qual in others)

    @pytest.mark.parametrize(
        ("mode", "policy"),
        [
            ("cross-tenant", f"USING (organization_id = {ORGANIZATION} OR id = 1)"),
            ("write", f"USING (organization_id = {ORGANIZATION}) WITH CHECK (organization_id > 0)"),
        ],
    )
    def test_are_not_proved_where_one_is_bad(
        self, verdicts: Any, superuser_connection: psycopg.Connection, mode: str, policy: str
    ) -> None:
        """The proof can fail."""
        with planted(superuser_connection, policy):
            assert verdicts(mode)["planted"] != "isolated"


@pytest.mark.usefixtures("quiet")
class TestTheMatrix:
    def test_sees_a_leak_where_both_walls_are_down(self, superuser_connection: psycopg.Connection) -> None:
        """The matrix can fail: without row-level security and without the ORM's filter."""
        name = "organizations:withdraw_invitation"
        route = next(route for route in walk_routes() if route.name == name)
        closed = f"organization_id = {ORGANIZATION}"
        world, report = build_world(), Report()
        alter = "ALTER POLICY tenant ON organizations_invitation"
        superuser_connection.execute(f"{alter} {OPEN}".encode())
        try:
            with orm_filter_switched_off():
                Player(world, superuser_connection, report).play(route, PAGES[name])
        finally:
            superuser_connection.execute(f"{alter} USING ({closed}) WITH CHECK ({closed})".encode())
        assert any("(foreign object): 200" in problem for problem in report.problems)
        assert any("organizations_invitation" in problem for problem in report.problems)

    def test_sees_a_role_that_may_more_than_expected(self, superuser_connection: psycopg.Connection) -> None:
        """The matrix can fail: an expectation that does not fit the page."""
        route = next(route for route in walk_routes() if route.name == "organizations:members")
        report = Report()
        Player(build_world(), superuser_connection, report).play(route, {"GET": "lead"})
        assert any(problem.startswith("C GET") for problem in report.problems)
