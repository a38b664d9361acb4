"""Posting movements, and what the database itself refuses (BIL-15)."""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime

import psycopg
import pytest
from django.db import IntegrityError, connections

from billing.ledger.models import Account, AccountKind, Entry, Journal
from billing.ledger.selectors import get_balance
from billing.ledger.services import ReferenceTaken, post_journal
from manager.kit.money import Money
from manager.kit.scope import tenant_scope
from organizations.profile.models import Organization
from tests.factories.cast import make_tenant

AT = datetime(2026, 11, 22, 9, 0, tzinfo=UTC)
RECEIVABLE, REVENUE, PREPAID, PROVIDER = (
    AccountKind.RECEIVABLE,
    AccountKind.REVENUE,
    AccountKind.PREPAID,
    AccountKind.PROVIDER,
)
Connect = Callable[[str], psycopg.Connection]


@pytest.fixture
def organization() -> Iterator[Organization]:
    organization = make_tenant()
    with tenant_scope(organization.pk):
        yield organization


def post(organization: Organization, reference: str, *entries: tuple[AccountKind, int]) -> Journal | None:
    return post_journal(
        organization=organization, reference=reference, kind="test", currency="CHF", entries=entries, at=AT
    )


def top_up(organization: Organization, amount: int) -> None:
    post(organization, f"top-up:{amount}", (PROVIDER, -amount), (PREPAID, amount))


class TestPosting:
    def test_moves_the_balances_of_both_accounts(self, organization: Organization) -> None:
        """BIL-15."""
        top_up(organization, 5000)
        assert get_balance(organization=organization, kind=PREPAID, currency="CHF") == Money(5000, "CHF")
        assert get_balance(organization=organization, kind=PROVIDER, currency="CHF") == Money(-5000, "CHF")
        assert get_balance(organization=organization, kind=PREPAID, currency="EUR") == Money(0, "EUR")

    def test_posts_a_reference_once(self, organization: Organization) -> None:
        """BIL-16."""
        first = post(organization, "same", (PROVIDER, -10), (PREPAID, 10))
        assert post(organization, "same", (PROVIDER, -10), (PREPAID, 10)) == first
        assert get_balance(organization=organization, kind=PREPAID, currency="CHF").amount == 10

    def test_refuses_a_reference_that_has_other_amounts(self, organization: Organization) -> None:
        """BIL-15: two facts cannot share a name."""
        post(organization, "same", (PROVIDER, -10), (PREPAID, 10))
        with pytest.raises(ReferenceTaken):
            post(organization, "same", (PROVIDER, -11), (PREPAID, 11))

    def test_leaves_out_nothing_that_moves_nothing(self, organization: Organization) -> None:
        """A free invoice posts no journal."""
        assert post(organization, "free", (RECEIVABLE, 0), (REVENUE, 0)) is None
        assert not Journal.objects.exists()

    def test_refuses_entries_that_do_not_sum_to_zero(self, organization: Organization) -> None:
        """BIL-15: at the commit."""
        with pytest.raises(IntegrityError, match="does not balance"):
            post(organization, "odd", (PROVIDER, -10), (PREPAID, 11))
        assert not Journal.objects.exists()
        assert get_balance(organization=organization, kind=PREPAID, currency="CHF").amount == 0

    def test_refuses_a_prepaid_account_below_zero(self, organization: Organization) -> None:
        """BIL-7, BIL-15."""
        top_up(organization, 100)
        with pytest.raises(IntegrityError, match="prepaid_not_negative"):
            post(organization, "spend", (PREPAID, -101), (RECEIVABLE, 101))

    def test_keeps_the_prepaid_account_at_zero_under_parallel_spends(
        self, organization: Organization
    ) -> None:
        """INC-24: 100 parallel debits of 10 from 500 succeed 50 times."""
        top_up(organization, 500)

        def spend(number: int) -> bool:
            try:
                with tenant_scope(organization.pk):
                    post(organization, f"spend:{number}", (PREPAID, -10), (RECEIVABLE, 10))
            except IntegrityError:
                return False
            else:
                return True
            finally:
                connections.close_all()

        with ThreadPoolExecutor(16) as pool:
            done = list(pool.map(spend, range(100)))
        assert sum(done) == 50
        assert get_balance(organization=organization, kind=PREPAID, currency="CHF").amount == 0
        assert Entry.objects.filter(account__kind=PREPAID, amount=-10).count() == 50


class TestDirectSql:
    """What a stolen connection of the web or worker role cannot do."""

    @pytest.fixture(params=["web", "worker"])
    def sql(
        self, organization: Organization, as_role: Connect, request: pytest.FixtureRequest
    ) -> psycopg.Connection:
        top_up(organization, 1000)
        connection = as_role(request.param)
        connection.execute("select set_config('app.organization', %s, false)", [str(organization.pk)])
        return connection

    def journal(self, sql: psycopg.Connection, organization_id: int) -> int:
        row = sql.execute(
            "insert into billing_journal (organization_id, reference, kind, currency, description, at)"
            " values (%s, 'attack', 'x', 'CHF', '', now()) returning id",
            [organization_id],
        ).fetchone()
        assert row
        return int(row[0])

    def attack(
        self,
        sql: psycopg.Connection,
        organization_id: int,
        *entries: tuple[int, int],
        journal: int | None = None,
        then: str = "",
    ) -> None:
        """Write a journal (or into one) with entries of (account, amount), and commit."""
        with sql.transaction():
            journal = journal or self.journal(sql, organization_id)
            for account, amount in entries:
                sql.execute(
                    "insert into billing_entry (organization_id, journal_id, account_id, amount)"
                    " values (%s, %s, %s, %s)",
                    [organization_id, journal, account, amount],
                )
            if then:
                sql.execute(then)

    def test_refuses_an_unbalanced_journal(self, sql: psycopg.Connection, organization: Organization) -> None:
        """BIL-15."""
        account = Account.objects.get(kind=PREPAID).pk
        with pytest.raises(psycopg.errors.IntegrityConstraintViolation, match="does not balance"):
            self.attack(sql, organization.pk, (account, 100_000), (account, 1))

    def test_refuses_an_unbalanced_journal_that_hides_at_the_commit(
        self, sql: psycopg.Connection, organization: Organization
    ) -> None:
        """BIL-15: the check looks at the journal's organization, whatever the scope is by then."""
        account = Account.objects.get(kind=PREPAID).pk
        leave = "select set_config('app.organization', '0', false)"
        with pytest.raises(psycopg.errors.IntegrityConstraintViolation, match="does not balance"):
            self.attack(sql, organization.pk, (account, 100), then=leave)

    def test_refuses_an_empty_journal(self, sql: psycopg.Connection, organization: Organization) -> None:
        """BIL-15."""
        with pytest.raises(psycopg.errors.IntegrityConstraintViolation, match="does not balance"):
            self.journal(sql, organization.pk)

    def test_refuses_entries_in_a_journal_that_is_posted(
        self, sql: psycopg.Connection, organization: Organization
    ) -> None:
        """BIL-15: not even balanced ones."""
        journal = Journal.objects.get().pk
        account = Account.objects.get(kind=PREPAID).pk
        with pytest.raises(psycopg.errors.IntegrityConstraintViolation, match="new journal"):
            self.attack(sql, organization.pk, (account, 5), (account, -5), journal=journal)

    @pytest.mark.parametrize(
        "statement",
        [
            "update billing_entry set amount = 1",
            "delete from billing_entry",
            "update billing_journal set kind = 'y'",
            "delete from billing_journal",
            "update billing_account set balance = 1000000",
            "update billing_account set kind = 'bank'",
            "delete from billing_account",
            "truncate billing_entry",
            "truncate billing_account cascade",
            "alter table billing_entry disable trigger all",
            "drop policy tenant on billing_entry",
            "set session_replication_role = replica",
        ],
    )
    def test_refuses_a_change_of_what_is_posted(self, sql: psycopg.Connection, statement: str) -> None:
        """BIL-15."""
        with pytest.raises(
            (psycopg.errors.IntegrityConstraintViolation, psycopg.errors.InsufficientPrivilege)
        ):
            sql.execute(statement)
        assert Account.objects.get(kind=PREPAID).balance == 1000

    def test_refuses_an_account_that_begins_with_money(
        self, sql: psycopg.Connection, organization: Organization
    ) -> None:
        """BIL-15."""
        with pytest.raises(psycopg.errors.IntegrityConstraintViolation, match="begins with nothing"):
            sql.execute(
                "insert into billing_account (organization_id, kind, currency, balance)"
                " values (%s, 'prepaid', 'EUR', 500)",
                [organization.pk],
            )

    def test_refuses_a_prepaid_account_below_zero(
        self, sql: psycopg.Connection, organization: Organization
    ) -> None:
        """BIL-7."""
        prepaid, provider = (Account.objects.get(kind=kind).pk for kind in (PREPAID, PROVIDER))
        with pytest.raises(psycopg.errors.CheckViolation, match="prepaid_not_negative"):
            self.attack(sql, organization.pk, (prepaid, -1001), (provider, 1001))

    def test_shows_and_takes_nothing_of_another_organization(
        self, sql: psycopg.Connection, organization: Organization
    ) -> None:
        """ORG-17."""
        other = make_tenant()
        with tenant_scope(other.pk):
            top_up(other, 700)
            foreign = Account.objects.get(kind=PREPAID).pk
        assert sql.execute("select count(*) from billing_account").fetchone() == (len(AccountKind),)
        with pytest.raises(psycopg.errors.InsufficientPrivilege, match="row-level security"):
            self.journal(sql, other.pk)
        with pytest.raises(psycopg.errors.IntegrityConstraintViolation, match="one organization"):
            self.attack(sql, organization.pk, (foreign, -700))

    def test_refuses_an_entry_on_an_account_of_another_currency(
        self, sql: psycopg.Connection, organization: Organization
    ) -> None:
        """BIL-15."""
        post_journal(
            organization=organization,
            reference="euro",
            kind="test",
            currency="EUR",
            entries=[(PROVIDER, -5), (PREPAID, 5)],
            at=AT,
        )
        euro = Account.objects.get(kind=PREPAID, currency="EUR").pk
        with pytest.raises(psycopg.errors.IntegrityConstraintViolation, match="currency"):
            self.attack(sql, organization.pk, (euro, 5))
