"""`manage.py doctor` names each thing that is wrong with a set-up, and is content with a right one."""

from datetime import UTC, datetime, timedelta
from io import StringIO

import psycopg
import pytest
from django.core.management import call_command
from django.db import OperationalError
from pytest_django import Settings

from manager.shell.doctor import database
from manager.shell.doctor.examine import examine
from manager.shell.doctor.findings import Finding
from manager.shell.heartbeat import record_beat
from tests.factories.billing import make_legal_entity

AT = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)


def find(subject: str) -> Finding:
    return next(finding for finding in examine(at=AT) if finding.subject == subject)


class TestDatabase:
    def test_is_content_with_the_roles_of_the_suite(self) -> None:
        roles = [
            finding for finding in examine(at=AT) if finding.subject.startswith(("role ", "connection "))
        ]
        assert len(roles) == 7
        assert all(finding.is_right for finding in roles)

    def test_is_content_with_all_tenant_tables(self) -> None:
        assert find("row-level security").is_right

    def test_is_content_with_applied_migrations(self) -> None:
        assert find("migrations").is_right

    @pytest.mark.parametrize(
        ("power", "fault"),
        [
            ("SUPERUSER NOBYPASSRLS", "is a superuser"),
            ("NOSUPERUSER BYPASSRLS", "passes row-level security (BYPASSRLS)"),
        ],
    )
    def test_names_a_role_with_too_much_power(
        self,
        superuser_connection: psycopg.Connection,
        monkeypatch: pytest.MonkeyPatch,
        power: str,
        fault: str,
    ) -> None:
        # A role of its own: the real ones are shared with the tests that run beside this one.
        name = f"planted_{superuser_connection.info.dbname}"
        superuser_connection.execute(f"DROP ROLE IF EXISTS {name}".encode())
        superuser_connection.execute(f"CREATE ROLE {name} NOLOGIN {power}".encode())
        monkeypatch.setattr(database, "SERVING_ROLES", (name,))
        try:
            finding = find(f"role {name}")
        finally:
            superuser_connection.execute(f"DROP ROLE {name}".encode())
        assert not finding.is_right
        assert finding.detail == fault

    def test_names_a_role_that_does_not_exist(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(database, "SERVING_ROLES", ("manager_nobody",))
        assert "does not exist" in find("role manager_nobody").detail

    def test_names_a_serving_role_that_owns_a_table(self, superuser_connection: psycopg.Connection) -> None:
        superuser_connection.execute("CREATE TABLE public.planted (id int)")
        superuser_connection.execute("ALTER TABLE public.planted OWNER TO manager_web")
        try:
            finding = find("role manager_web")
        finally:
            superuser_connection.execute("DROP TABLE public.planted")
        assert not finding.is_right
        assert finding.detail == "owns 1 tables"

    def test_names_a_tenant_table_without_row_security(
        self, superuser_connection: psycopg.Connection
    ) -> None:
        superuser_connection.execute("CREATE TABLE public.planted (id int, organization_id bigint)")
        try:
            finding = find("row-level security")
        finally:
            superuser_connection.execute("DROP TABLE public.planted")
        assert not finding.is_right
        assert "planted" in finding.detail

    def test_names_a_tenant_table_whose_row_security_is_not_forced(
        self, superuser_connection: psycopg.Connection
    ) -> None:
        superuser_connection.execute("CREATE TABLE public.planted (id int, organization_id bigint)")
        superuser_connection.execute("ALTER TABLE public.planted ENABLE ROW LEVEL SECURITY")
        superuser_connection.execute("CREATE POLICY tenant ON public.planted USING (true)")
        try:
            finding = find("row-level security")
        finally:
            superuser_connection.execute("DROP TABLE public.planted")
        assert not finding.is_right
        assert finding.detail == "not forced on planted"


class TestBeat:
    def test_names_a_beat_that_never_ran(self) -> None:
        assert "never run" in find("beat").detail

    def test_names_a_beat_that_stands_still(self) -> None:
        record_beat(at=AT - timedelta(minutes=6))
        assert not find("beat").is_right

    def test_is_content_with_a_beat_of_a_minute_ago(self) -> None:
        record_beat(at=AT - timedelta(minutes=1))
        assert find("beat").is_right


class TestMail:
    def test_names_a_backend_that_sends_nothing(self, settings: Settings) -> None:
        settings.DEMONSTRATION = False
        settings.EMAIL_BACKEND = "django.core.mail.backends.console.EmailBackend"
        assert not find("mail").is_right

    def test_names_a_server_that_does_not_answer(self, settings: Settings) -> None:
        settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
        settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 1
        finding = find("mail")
        assert not finding.is_right
        assert "refused" in finding.detail


class TestPayments:
    @pytest.mark.parametrize(
        ("key", "secret", "base", "is_right"),
        [
            ("sk_live_1", "whsec_1", "", True),
            ("rk_live_1", "whsec_1", "", True),
            ("sk_test_1", "whsec_1", "", False),
            ("sk_live_1", "", "", False),
            ("", "whsec_1", "", False),
            ("sk_live_1", "whsec_1", "http://127.0.0.1:1", False),
        ],
    )
    def test_wants_live_keys_and_no_sandbox(
        self, settings: Settings, key: str, secret: str, base: str, is_right: bool
    ) -> None:
        settings.DEMONSTRATION = False
        settings.STRIPE_API_KEY, settings.STRIPE_WEBHOOK_SECRET, settings.STRIPE_API_BASE = key, secret, base
        assert find("payments").is_right == is_right


class TestCompany:
    def test_wants_one_that_sells(self) -> None:
        assert "legal_entity" in find("company").detail
        make_legal_entity()
        assert find("company").is_right


class TestSecrets:
    @pytest.mark.parametrize(
        ("secret", "is_right"),
        [
            ("abcdefghijklmnopqrstuvwxyz0123456789ABCDEFGHIJKLMNOPQRST", True),
            ("short", False),
            ("a" * 60, False),
            ("only-for-the-demonstration-on-this-machine-0123456789abcdef", False),
        ],
    )
    def test_wants_a_long_varied_and_secret_key(
        self, settings: Settings, secret: str, is_right: bool
    ) -> None:
        settings.DEMONSTRATION = False
        settings.SECRET_KEY = secret
        assert find("secret key").is_right == is_right

    def test_wants_an_encrypted_address(self, settings: Settings) -> None:
        settings.DEMONSTRATION = False
        settings.PUBLIC_BASE_URL = "http://panel.example"
        assert not find("public address").is_right


class TestCommand:
    def test_ends_with_1_when_something_is_wrong(self) -> None:
        output = StringIO()
        with pytest.raises(SystemExit) as ending:
            call_command("doctor", stdout=output)
        assert ending.value.code == 1
        assert "WRONG  beat" in output.getvalue()

    def test_names_a_database_that_does_not_answer(self, monkeypatch: pytest.MonkeyPatch) -> None:
        def unreachable() -> None:
            raise OperationalError("connection refused")

        monkeypatch.setattr(database, "check_connections", unreachable)
        assert find("database connections").detail == "connection refused"
