"""Rows by key and under a lock, and SQL within another statement: what charges ask of prepared queries."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection, transaction
from django.db.models import QuerySet

from accounts.users.models import User
from manager.celery import warm_up
from manager.kit.prepared import Prepared
from tests.factories.cast import make_person


@pytest.mark.parametrize("planned_once", [False, True], ids=["planned each time", "planned once"])
def test_rows_are_locked_in_a_transaction_only(planned_once: bool) -> None:
    """BIL-16: a lock that ends with its statement would be none; also of later calls."""
    people: Prepared[User] = Prepared(
        lambda email: User.objects.filter(email=email).select_for_update(), planned_once=planned_once
    )
    alice = make_person("Alice Meier")
    for _turn in range(2):
        with pytest.raises(transaction.TransactionManagementError):
            people.fetch(email=alice.email)
        with transaction.atomic():
            assert people.fetch(email=alice.email) == [alice]
            assert _is_locked(alice)
        assert not _is_locked(alice)


def _is_locked(person: User) -> bool:
    """Return whether somebody else finds the row locked."""
    with transaction.atomic(using="system"):
        rows = User.objects.using("system").filter(pk=person.pk).select_for_update(skip_locked=True)
        return not rows


def test_the_one_row_by_key_or_the_error_of_its_model() -> None:
    """As `get`."""
    people: Prepared[User] = Prepared(lambda pk: User.objects.filter(pk=pk), planned_once=True)
    alice = make_person("Alice Meier")
    assert people.one(pk=alice.pk) == alice
    with pytest.raises(User.DoesNotExist):
        people.one(pk=alice.pk + 1000)


def test_many_threads_write_it_once() -> None:
    """Workers begin together: each would try the query with all its values."""
    tried: list[str] = []

    def build(email: str) -> QuerySet[User]:
        tried.append(email)
        return User.objects.filter(email=email)

    people: Prepared[User] = Prepared(build)
    with ThreadPoolExecutor(4) as pool:
        assert not any(pool.map(lambda number: people.fetch(email=f"{number}@example.com"), range(8)))
    assert len(tried) == 3


def test_its_sql_stands_in_another_statement() -> None:
    """With its parameters in their order."""
    people: Prepared[User] = Prepared(lambda email: User.objects.filter(email=email).values_list("pk"))
    alice = make_person("Alice Meier")
    sql, params = people.sql(email=alice.email)
    with connection.cursor() as cursor:
        cursor.execute(f"select count(*) from ({sql}) as found", params)
        assert cursor.fetchone() == (1,)


def test_a_worker_writes_statements_before_it_begins() -> None:
    """BIL-11: its first charges need not wait; shapes and what tells no types are left."""
    tried: list[str] = []

    def build(email: str, least: int) -> QuerySet[User]:
        tried.append(email)
        return User.objects.filter(email=email, pk__gte=least).select_for_update()

    people: Prepared[User] = Prepared(build, planned_once=True)
    shaped: Prepared[User] = Prepared(build, shape=["least"])
    silent: Prepared[User] = Prepared(lambda email: User.objects.filter(email=email))
    warm_up()
    assert len(tried) == 3
    assert [shaped.write_ahead(), silent.write_ahead()] == [False, False]
    alice = make_person("Alice Meier")
    with transaction.atomic():
        assert people.fetch(email=alice.email, least=1) == [alice]
    assert len(tried) == 3


def test_a_number_too_large_for_its_column_is_found_nowhere_and_spoils_no_transaction() -> None:
    """The first asker may give it, inside of what has begun already."""
    people: Prepared[User] = Prepared(lambda pk: User.objects.filter(pk=pk), planned_once=True)
    with transaction.atomic():
        assert people.fetch(pk=2**80) == []
        assert make_person("Alice Meier").pk
