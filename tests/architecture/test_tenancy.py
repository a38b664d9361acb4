"""Every tenant's table is protected by the database itself (ORG-17); each law is tried on a planted hole."""

from typing import Any

import psycopg
import pytest
from django.apps import apps
from django.db import connection, models

from manager.kit.scope import tenant_scope
from organizations.profile.models import Organization
from organizations.tenancy.models import OrganizationOwned
from tests.factories.cast import make_person, make_tenant

OWN_APPS = {"accounts", "organizations", "products", "billing", "outbox"}
# The events, deliveries and messages of the outbox belong to an organization by a number alone, as the
# outbox lies below organizations; and what is in quarantine may be of nobody.
BY_NUMBER = {"OutboxEvent", "Delivery", "OutgoingMail", "OutgoingSms", "QuarantinedRow"}
ROLES = ("manager_web", "manager_worker", "manager_system")
FORM = "( SELECT (current_setting('app.organization'::text, true))::bigint AS current_setting)"

TABLES = """
    SELECT c.relname, c.relrowsecurity AND c.relforcerowsecurity
    FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid AND NOT a.attisdropped
    WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p')
        AND a.attname = 'organization_id'
    ORDER BY c.relname
"""


def unprotected_tables(database: psycopg.Connection) -> list[str]:
    """Return the tables with an organization's column whose protection is missing or in another form."""
    found = [name for name, is_forced in database.execute(TABLES).fetchall() if not is_forced]
    policies = database.execute(
        "SELECT tablename, policyname, permissive, roles::text, cmd, qual, with_check FROM pg_policies"
    ).fetchall()
    for table in [name for name, _ in database.execute(TABLES).fetchall()]:
        own = {name: rest for owner, name, *rest in policies if owner == table}
        expected = f"(organization_id = {FORM})"
        if own.get("tenant", ())[2:] != ["ALL", expected, expected]:
            found.append(f"{table}: the policy of the tenant")
        found += [
            f"{table}: {name}"
            for name, (_permissive, roles, command, _qual, check) in own.items()
            if not _is_known(name, roles, command, check)
        ]
    return found


def _is_known(name: str, roles: str, command: str, check: str | None) -> bool:
    """Only the tenant's own, the operator's role, and a person's reading may open a row."""
    if name == "tenant":
        return True
    if name == "operator":
        return roles == "{manager_system}"
    return name == "person" and command == "SELECT" and check is None


def models_without_the_base(every: list[type[models.Model]]) -> list[str]:
    """Return the models that have an organization but do not inherit OrganizationOwned."""
    return [
        model.__name__
        for model in every
        if any(field.name in {"organization", "organization_id"} for field in model._meta.get_fields())
        and not issubclass(model, OrganizationOwned)
        and model.__name__ not in BY_NUMBER
        and any(field.attname == "organization_id" for field in model._meta.concrete_fields)
    ]


def own_models() -> list[type[models.Model]]:
    """Return the models of the project's apps."""
    return [model for model in apps.get_models() if model._meta.app_label in OWN_APPS]


def tenant_models() -> list[type[models.Model]]:
    """Return the models of an organization's rows."""
    return [model for model in own_models() if issubclass(model, OrganizationOwned)]


class TestTables:
    def test_with_an_organization_are_all_protected(self, superuser_connection: psycopg.Connection) -> None:
        """ORG-17"""
        assert unprotected_tables(superuser_connection) == []

    def test_of_tenant_models_are_all_seen_by_that_test(
        self, superuser_connection: psycopg.Connection
    ) -> None:
        """ORG-17"""
        seen = {name for name, _ in superuser_connection.execute(TABLES).fetchall()}
        assert {model._meta.db_table for model in tenant_models()} <= seen
        assert len(seen) >= 20

    def test_of_organizations_themselves_are_protected(
        self, superuser_connection: psycopg.Connection
    ) -> None:
        """ORG-17"""
        row = superuser_connection.execute(
            "SELECT relrowsecurity AND relforcerowsecurity FROM pg_class WHERE relname = %s",
            [Organization._meta.db_table],
        ).fetchone()
        assert row == (True,)

    @pytest.mark.parametrize(
        "damage",
        [
            "ALTER TABLE organizations_grant DISABLE ROW LEVEL SECURITY",
            "ALTER TABLE organizations_grant NO FORCE ROW LEVEL SECURITY",
            "DROP POLICY tenant ON organizations_grant",
            "ALTER POLICY tenant ON organizations_grant USING (true)",
            "ALTER POLICY tenant ON organizations_grant WITH CHECK (true)",
            "CREATE POLICY open ON organizations_grant FOR SELECT USING (true)",
            "ALTER POLICY operator ON organizations_grant TO manager_web",
            "CREATE TABLE planted (organization_id bigint)",
        ],
    )
    def test_with_a_planted_hole_are_found(
        self, superuser_connection: psycopg.Connection, damage: str
    ) -> None:
        """The law can fail."""
        with superuser_connection.transaction(force_rollback=True):
            superuser_connection.execute(damage.encode())
            assert unprotected_tables(superuser_connection) != []


class TestModels:
    def test_with_an_organization_inherit_the_base(self) -> None:
        """ORG-17"""
        assert models_without_the_base(own_models()) == []

    def test_without_the_base_are_found(self) -> None:
        """The law can fail."""

        class Planted(models.Model):
            organization = models.ForeignKey(Organization, on_delete=models.PROTECT, related_name="+")

            class Meta:
                app_label = "planted"
                managed = False

        assert models_without_the_base([Planted]) == ["Planted"]


class TestRoles:
    def test_own_no_table_and_pass_no_policy(self, superuser_connection: psycopg.Connection) -> None:
        """ORG-17"""
        rows = superuser_connection.execute(
            """
            SELECT r.rolname, r.rolsuper, r.rolbypassrls, r.rolcreatedb, r.rolcreaterole,
                   EXISTS (SELECT FROM pg_class c WHERE c.relowner = r.oid),
                   EXISTS (SELECT FROM pg_auth_members m WHERE m.member = r.oid)
            FROM pg_roles r WHERE r.rolname = ANY(%s) ORDER BY r.rolname
            """,
            [list(ROLES)],
        ).fetchall()
        assert rows == [(name, False, False, False, False, False, False) for name in sorted(ROLES)]

    def test_include_an_owner_that_is_no_superuser(self, superuser_connection: psycopg.Connection) -> None:
        """ORG-17"""
        row = superuser_connection.execute(
            "SELECT rolsuper, rolbypassrls FROM pg_roles WHERE rolname = 'manager_owner'"
        ).fetchone()
        assert row == (False, False)

    @pytest.mark.parametrize("role", ["web", "worker"])
    def test_cannot_switch_the_protection_off(self, as_role: Any, role: str) -> None:
        """ORG-17"""
        database = as_role(role)
        for statement in (
            "ALTER TABLE organizations_grant DISABLE ROW LEVEL SECURITY",
            "DROP POLICY tenant ON organizations_grant",
            "SET ROLE manager_system",
            "SET SESSION AUTHORIZATION manager_owner",
            "TRUNCATE organizations_grant",
        ):
            with pytest.raises(psycopg.Error):
                database.execute(statement.encode())


class TestQueries:
    @pytest.mark.parametrize("role", ["web", "worker", "owner"])
    def test_without_a_scope_find_nothing_and_raise_nothing(self, as_role: Any, role: str) -> None:
        """ORG-17: the role's default is 0."""
        make_tenant()
        database = as_role(role)
        for model in [*tenant_models(), Organization]:
            count = database.execute(f'SELECT count(*) FROM "{model._meta.db_table}"'.encode()).fetchone()
            assert count == (0,), model

    def test_without_a_scope_find_nothing_by_the_orm(self) -> None:
        """ORG-17"""
        organization = make_tenant()
        assert not Organization.objects.filter(pk=organization.pk).exists()
        with tenant_scope(organization.pk):
            assert Organization.objects.filter(pk=organization.pk).exists()
        assert not Organization.objects.filter(pk=organization.pk).exists()

    @pytest.mark.parametrize("role", ["web", "worker"])
    def test_in_a_scope_find_and_write_no_other_organizations_rows(self, as_role: Any, role: str) -> None:
        """ORG-17"""
        own, other = make_tenant(), make_tenant(make_person("Dora Other"))
        database = as_role(role)
        with database.transaction():
            database.execute("SELECT set_config('app.organization', %s, true)", [str(own.pk)])
            seen = database.execute(
                "SELECT DISTINCT organization_id FROM organizations_membership"
            ).fetchall()
            changed = database.execute(
                "UPDATE organizations_membership SET role = 'external' WHERE organization_id = %s", [other.pk]
            ).rowcount
        assert (seen, changed) == ([(own.pk,)], 0)
        database.execute("BEGIN")
        database.execute("SELECT set_config('app.organization', %s, true)", [str(own.pk)])
        move = "UPDATE organizations_membership SET organization_id = %s WHERE organization_id = %s"
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            database.execute(move, [other.pk, own.pk])

    def test_of_a_person_see_the_own_memberships_only(self, as_role: Any) -> None:
        """ORG-1: the second policy shows a person's organizations, and lets nothing be written."""
        alice, dora = make_person("Alice Meier"), make_person("Dora Other")
        own = make_tenant(alice)
        make_tenant(dora)
        database = as_role("web")
        with database.transaction():
            database.execute("SELECT set_config('app.user', %s, true)", [str(alice.pk)])
            people = database.execute("SELECT user_id FROM organizations_membership").fetchall()
            names = database.execute("SELECT id FROM organizations_organization").fetchall()
            changed = database.execute("UPDATE organizations_membership SET has_billing = true").rowcount
            deleted = database.execute("DELETE FROM organizations_membership").rowcount
        assert (people, names, changed, deleted) == ([(alice.pk,)], [(own.pk,)], 0, 0)

    def test_leave_no_scope_on_the_connection(self) -> None:
        """ORG-17: a pooled connection is clean for its next user."""
        organization = make_tenant()
        with tenant_scope(organization.pk):
            Organization.objects.get(pk=organization.pk)
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT current_setting('app.organization', true), current_setting('app.user', true)"
            )
            assert cursor.fetchone() == ("0", "0")
