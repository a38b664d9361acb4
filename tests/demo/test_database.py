"""The suite's own ground: real commits on real roles, and nothing left for the next test."""

import psycopg
import pytest
from django.contrib.contenttypes.models import ContentType
from django.core.cache import cache
from django.db import connection, connections
from django_celery_beat.models import IntervalSchedule

from tests.database import TestDatabase
from tests.fixtures.database import AsRole


class TestRoles:
    """Issue's rule: none but the owner owns tables, none is superuser."""

    @pytest.mark.parametrize("role", ["owner", "web", "worker", "system"])
    def test_no_role_can_pass_row_level_security(self, as_role: AsRole, role: str) -> None:
        row = (
            as_role(role)
            .execute(
                "SELECT rolsuper, rolbypassrls, rolcreaterole, rolcreatedb FROM pg_roles"
                " WHERE rolname = current_user"
            )
            .fetchone()
        )
        assert row == (False, False, False, False)

    @pytest.mark.parametrize("role", ["web", "worker", "system"])
    def test_only_the_owner_owns_tables(self, as_role: AsRole, role: str) -> None:
        owners = (
            as_role(role)
            .execute("SELECT DISTINCT tableowner FROM pg_tables WHERE schemaname = 'public'")
            .fetchall()
        )
        assert owners == [("manager_owner",)]

    @pytest.mark.parametrize("role", ["web", "worker", "system"])
    @pytest.mark.parametrize(
        "statement",
        [
            "CREATE TABLE planted (id int)",
            "TRUNCATE django_celery_beat_intervalschedule",
            "ALTER TABLE django_content_type ADD planted int",
            "SET session_replication_role = replica",
        ],
    )
    def test_is_refused_what_only_the_owner_may(self, as_role: AsRole, role: str, statement: str) -> None:
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            as_role(role).execute(statement)

    @pytest.mark.parametrize("role", ["web", "worker"])
    def test_makes_no_temporary_table_unless_it_stores_batches(self, as_role: AsRole, role: str) -> None:
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            as_role(role).execute("CREATE TEMPORARY TABLE planted (id int)")

    @pytest.mark.parametrize("role", ["owner", "web", "worker", "system"])
    def test_has_no_scope_by_default(self, as_role: AsRole, role: str) -> None:
        row = (
            as_role(role)
            .execute("SELECT current_setting('app.organization'), current_setting('app.user')")
            .fetchone()
        )
        assert row == ("0", "0")

    def test_django_connects_as_the_roles(self) -> None:
        users = {}
        for alias in ("default", "system", "owner"):
            with connections[alias].cursor() as cursor:
                cursor.execute("SELECT current_user")
                users[alias] = cursor.fetchone()[0]
        assert users == {"default": "manager_web", "system": "manager_system", "owner": "manager_owner"}


class TestCleaner:
    """What a test commits is gone before the next one; what migrations wrote stays."""

    def test_commits_for_real(self, superuser_connection: psycopg.Connection) -> None:
        IntervalSchedule.objects.create(every=7, period="days")
        assert not connection.in_atomic_block
        count = superuser_connection.execute(
            "SELECT count(*) FROM django_celery_beat_intervalschedule WHERE every = 7"
        ).fetchone()
        assert count == (1,)

    def test_empties_what_was_written(self, test_database: TestDatabase) -> None:
        IntervalSchedule.objects.create(every=7, period="days")
        test_database.clean()
        assert not IntervalSchedule.objects.filter(every=7).exists()

    def test_keeps_what_migrations_wrote(self, test_database: TestDatabase) -> None:
        before = ContentType.objects.count()
        test_database.clean()
        assert ContentType.objects.count() == before > 10

    def test_puts_back_changed_rows_of_migrations(
        self, test_database: TestDatabase, superuser_connection: psycopg.Connection
    ) -> None:
        superuser_connection.execute("CREATE TABLE public.planted (id int PRIMARY KEY, word text)")
        superuser_connection.execute("INSERT INTO public.planted VALUES (1, 'first')")
        superuser_connection.execute("CREATE TABLE testing.planted AS TABLE public.planted")
        from psycopg import sql

        from tests.database import _restore

        body = _restore(sql.Identifier("public", "planted"), sql.Identifier("testing", "planted"))
        superuser_connection.execute("UPDATE public.planted SET word = 'changed'")
        superuser_connection.execute(sql.SQL("DO $$ BEGIN {} END $$").format(body))
        rows = superuser_connection.execute("SELECT * FROM public.planted").fetchall()
        superuser_connection.execute("DROP TABLE public.planted, testing.planted")
        assert rows == [(1, "first")]

    def test_leaves_no_connection_in_a_transaction(self) -> None:
        """Planted for the next test: an open transaction would hold locks against the cleaner."""
        connection.set_autocommit(False)
        IntervalSchedule.objects.create(every=7, period="days")

    def test_finds_nothing_of_the_test_before(self) -> None:
        assert connection.get_autocommit()
        assert not IntervalSchedule.objects.filter(every=7).exists()

    def test_forgets_the_cache_first_half(self) -> None:
        cache.set("planted", 1)
        assert cache.get("planted") == 1

    def test_forgets_the_cache_second_half(self) -> None:
        assert cache.get("planted") is None


def test_counts_the_statements_of_a_block(query_count) -> None:
    with query_count() as seen:
        list(ContentType.objects.all()[:1])
        ContentType.objects.exists()
    assert seen.count == 2
    assert "django_content_type" in seen.statements[0]
