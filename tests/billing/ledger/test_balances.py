"""The balance after each entry: the database writes it, each follows on from the one before (BIL-15)."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from pathlib import Path

import psycopg
import pytest
from django.db import IntegrityError, connections

from billing.ledger.models import Account, AccountKind, Entry
from billing.ledger.services import post_journal
from manager.kit.scope import tenant_scope
from tests.factories.cast import make_tenant

AT = datetime(2026, 11, 22, 9, 0, tzinfo=UTC)
PREPAID, PROVIDER, RECEIVABLE = AccountKind.PREPAID, AccountKind.PROVIDER, AccountKind.RECEIVABLE
FILL = Path("billing/migrations/sql/ledger_balances_fill.sql")


@pytest.fixture
def organization():
    organization = make_tenant()
    with tenant_scope(organization.pk):
        yield organization


def post(organization, reference, *entries):
    return post_journal(
        organization=organization, reference=reference, kind="test", currency="CHF", entries=entries, at=AT
    )


def chain_of(organization, kind):
    """Return the amount and the balance of each entry of an account, in their order."""
    entries = Entry.objects.filter(
        organization_id=organization.pk, account__kind=kind, account__currency="CHF"
    )
    return list(entries.order_by("pk").values_list("amount", "balance"))


def test_each_entry_keeps_what_was_there_after_it(organization):
    """BIL-15: of every account, and of each currency by itself."""
    post(organization, "first", (PROVIDER, -500), (PREPAID, 500))
    post(organization, "second", (PREPAID, -200), (RECEIVABLE, 200))
    entries = [(PROVIDER, -7), (PREPAID, 7)]
    post_journal(
        organization=organization, reference="euro", kind="test", currency="EUR", entries=entries, at=AT
    )
    assert chain_of(organization, PREPAID) == [(500, 500), (-200, 300)]
    assert chain_of(organization, PROVIDER) == [(-500, -500)]
    assert Entry.objects.get(account__kind=PREPAID, account__currency="EUR").balance == 7


def test_parallel_top_ups_and_spends_give_a_chain_without_a_gap(organization):
    """BIL-7, INC-24: whoever came first, each balance follows on from the one before."""
    post(organization, "begin", (PROVIDER, -300), (PREPAID, 300))

    def move(number):
        amount = 30 if number % 3 == 0 else -20
        try:
            with tenant_scope(organization.pk):
                post(organization, f"move:{number}", (PREPAID, amount), (PROVIDER, -amount))
        except IntegrityError:  # nothing was left
            return 0
        else:
            return amount
        finally:
            connections.close_all()

    with ThreadPoolExecutor(12) as pool:
        moved = [amount for amount in pool.map(move, range(90)) if amount]
    for kind, sign in ((PREPAID, 1), (PROVIDER, -1)):
        chain = chain_of(organization, kind)
        assert len(chain) == len(moved) + 1
        balance = 0
        for amount, after in chain:
            balance += amount
            assert after == balance
        assert balance == sign * (300 + sum(moved))
        assert Account.objects.get(kind=kind).balance == balance


def test_what_is_of_one_account_becomes_one_entry(organization):
    """BIL-15: also when it is posted once more."""
    posted = post(organization, "twice", (PREPAID, 60), (PREPAID, 40), (RECEIVABLE, -100))
    assert chain_of(organization, PREPAID) == [(100, 100)]
    assert post(organization, "twice", (PREPAID, 40), (PREPAID, 60), (RECEIVABLE, -100)) == posted
    assert post(organization, "nothing", (PREPAID, 5), (PREPAID, -5)) is None


@pytest.mark.parametrize("role", ["web", "worker"])
@pytest.mark.parametrize(
    ("entries", "balances"),
    [
        (["({journal}, {prepaid}, 60, 9999)", "({journal}, {provider}, -60, 9999)"], [100, 160]),
        (["({journal}, {prepaid}, 60, 0), ({journal}, {prepaid}, -60, 0)"], None),
    ],
    ids=["a balance of one's own", "two of an account at once"],
)
def test_nobody_else_writes_a_balance(organization, as_role, role, entries, balances):
    """BIL-15: what a stolen connection says is overwritten, and what does not follow on is refused."""
    post(organization, "first", (PROVIDER, -100), (PREPAID, 100))
    names = {str(row.kind): row.pk for row in Account.objects.all()}
    sql = as_role(role)
    sql.execute("select set_config('app.organization', %s, false)", [str(organization.pk)])

    def attack():
        with sql.transaction():
            (journal,) = sql.execute(
                "insert into billing_journal (organization_id, reference, kind, currency, description, at)"
                " values (%s, 'attack', 'x', 'CHF', '', now()) returning id",
                [organization.pk],
            ).fetchone()
            for values in entries:
                sql.execute(
                    "insert into billing_entry (organization_id, journal_id, account_id, amount, balance)"
                    f" select {organization.pk}, * from (values {values.format(journal=journal, **names)}) v"
                )

    if balances is None:
        with pytest.raises(psycopg.errors.IntegrityConstraintViolation, match="follows on"):
            attack()
        balances = [100]
    else:
        attack()
    assert [after for _amount, after in chain_of(organization, PREPAID)] == balances
    assert Account.objects.get(kind=PREPAID).balance == balances[-1]


def test_an_entry_that_is_not_written_moves_nothing(organization, as_role):
    """BIL-15: an id that is taken lets PostgreSQL leave the entry out; the balance stays as well."""
    post(organization, "first", (PROVIDER, -100), (PREPAID, 100))
    taken, account = Entry.objects.values_list("pk", "account_id").get(account__kind=PREPAID)
    sql = as_role("web")
    sql.execute("select set_config('app.organization', %s, false)", [str(organization.pk)])
    with sql.transaction(force_rollback=True):
        (journal,) = sql.execute(
            "insert into billing_journal (organization_id, reference, kind, currency, description, at)"
            " values (%s, 'attack', 'x', 'CHF', '', now()) returning id",
            [organization.pk],
        ).fetchone()
        sql.execute(
            "insert into billing_entry (id, organization_id, journal_id, account_id, amount)"
            " values (%s, %s, %s, %s, 60) on conflict do nothing",
            [taken, organization.pk, journal, account],
        )
        moved = sql.execute("select balance from billing_account where id = %s", [account]).fetchone()
        assert moved == (100,)


def test_what_was_there_before_is_reckoned_by_the_migration(organization, superuser_connection):
    """BIL-15: each account in its order, those of all organizations at once."""
    other = make_tenant()
    with tenant_scope(other.pk):
        post(other, "first", (PROVIDER, -70), (PREPAID, 70))
    for number, amount in enumerate((500, -200, 50)):
        post(organization, f"move:{number}", (PREPAID, amount), (PROVIDER, -amount))
    superuser_connection.execute("set session_replication_role = replica")
    superuser_connection.execute("update billing_entry set balance = 0")
    superuser_connection.execute("set session_replication_role = default")
    superuser_connection.execute(FILL.read_bytes())
    assert chain_of(organization, PREPAID) == [(500, 500), (-200, 300), (50, 350)]
    assert chain_of(organization, PROVIDER) == [(-500, -500), (200, -300), (-50, -350)]
    with tenant_scope(other.pk):
        assert chain_of(other, PREPAID) == [(70, 70)]
    with pytest.raises(psycopg.errors.IntegrityConstraintViolation, match="never changed"):
        superuser_connection.execute("update billing_entry set balance = 0")
