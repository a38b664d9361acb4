"""Queries written once: the same rows, never another organization's, and refused where they change."""

import gc
import unicodedata
import weakref
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager
from datetime import UTC, datetime
from typing import Any

import pytest
from django.db import connection, transaction
from django.db.models import QuerySet
from django.utils import timezone, translation

from accounts.users.models import User
from manager.kit.prepared import MOST_SHAPES, NotPrepared, Prepared
from manager.kit.scope import tenant_scope
from organizations.members.models import Membership
from tests.factories.cast import AT, make_member, make_person, make_tenant

# PostgreSQL takes a plan for all values after five for given ones.
SO_OFTEN = 4
planned = pytest.mark.parametrize("planned_once", [False, True], ids=["planned anew", "planned once"])


@planned
def test_each_call_asks_the_database_with_its_own_values(
    query_count: Callable[[], AbstractContextManager[Any]], planned_once: bool
) -> None:
    """The SQL is kept and no row: what one call found is neither shown to the next, nor kept."""
    people: Prepared[User] = Prepared(
        lambda email, at: User.objects.filter(email=email, created_at__lte=at), planned_once=planned_once
    )
    alice, bob = make_person("Alice Meier"), make_person("Bob Rossi")
    for person in (alice, bob, alice):
        with query_count() as seen:
            assert people.fetch(email=person.email, at=AT) == [person]
        assert seen.count == 1
    assert people.first(email=bob.email, at=datetime(2000, 1, 1, tzinfo=UTC)) is None
    User.objects.filter(pk=alice.pk).update(first_name="Alva")
    (found,) = people.fetch(email=alice.email, at=AT)
    assert found.first_name == "Alva"


@planned
def test_the_scope_of_the_present_work_holds(planned_once: bool) -> None:
    """SEC-1: row-level security holds at each call, also for a query that names no organization."""
    everybody: Prepared[Membership] = Prepared(
        lambda least: Membership.objects.filter(pk__gte=least).select_related("organization", "user"),
        planned_once=planned_once,
    )
    tenants = [make_tenant(name="Blue"), make_tenant(name="Red")]
    make_member(tenants[1])
    assert everybody.fetch(least=1) == []
    for tenant, count in ((tenants[0], 1), (tenants[1], 2), (tenants[0], 1)) * SO_OFTEN:
        with tenant_scope(tenant.pk):
            found = everybody.fetch(least=1)
        assert len(found) == count
        assert {row.organization.name for row in found} == {tenant.name}
    assert everybody.fetch(least=1) == []


@planned
def test_the_scope_holds_inside_of_a_transaction(planned_once: bool) -> None:
    """SEC-1: one statement in several scopes of one transaction shows each only its own."""
    everybody: Prepared[Membership] = Prepared(
        lambda least: Membership.objects.filter(pk__gte=least), planned_once=planned_once
    )
    tenants = [make_tenant(name="Blue"), make_tenant(name="Red")]
    with transaction.atomic():
        for tenant in tenants * SO_OFTEN:
            with tenant_scope(tenant.pk):
                assert {row.organization_id for row in everybody.fetch(least=1)} == {tenant.pk}
        assert everybody.fetch(least=1) == []


def test_no_connection_of_another_thread_is_kept() -> None:
    """Else the connection of each thread that wrote a statement would stay open as long as the process."""
    people: Prepared[User] = Prepared(lambda email: User.objects.filter(email=email))
    alice = make_person("Alice Meier")

    def ask() -> "weakref.ref[Any]":
        assert people.fetch(email=alice.email) == [alice]
        own = connection._connections[connection._alias]  # type: ignore[attr-defined]  # the thread's own
        return weakref.ref(own)

    with ThreadPoolExecutor(1) as pool:
        gone = pool.submit(ask).result()
    gc.collect()
    assert gone() is None
    assert people.fetch(email=alice.email) == [alice]


@planned
def test_a_number_that_no_row_can_have_finds_nothing(planned_once: bool) -> None:
    """As the ORM answers it."""
    people: Prepared[User] = Prepared(lambda pk: User.objects.filter(pk=pk), planned_once=planned_once)
    alice = make_person("Alice Meier")
    for _turn in range(2):
        assert people.fetch(pk=10**30) == []
        assert people.fetch(pk=-(10**30)) == []
        assert people.fetch(pk=alice.pk) == [alice]


def test_a_shape_has_its_own_sql() -> None:
    """What is named as shape may change the query; values() and values_list() come as they are."""

    def build(last_name: str, falling: bool) -> QuerySet[User, Any]:
        found = User.objects.filter(last_name=last_name).order_by("-first_name" if falling else "first_name")
        return found.values_list("first_name", flat=True)

    names: Prepared[str] = Prepared(build, shape=["falling"])
    for name in ("Alice Meier", "Bob Meier", "Carla Rossi"):
        make_person(name)
    assert names.fetch(last_name="Meier", falling=False) == ["Alice", "Bob"]
    assert names.fetch(last_name="Meier", falling=True) == ["Bob", "Alice"]
    assert names.fetch(last_name="Rossi", falling=True) == ["Carla"]
    assert names.fetch_once(last_name="Meier", falling=True) == ["Bob", "Alice"]


def test_what_is_no_value_is_written_out_as_it_is() -> None:
    """A plan is made for it: with percent signs, quotes, and things of the database's own types."""
    odd = "100 %s of 'it' %% \\ \"x\""
    people: Prepared[User] = Prepared(
        lambda email: User.objects.filter(email=email, first_name=odd, created_at__lte=AT), planned_once=True
    )
    alice = make_person("Alice Meier")
    assert people.fetch(email=alice.email) == []
    User.objects.filter(pk=alice.pk).update(first_name=odd)
    assert people.fetch(email=alice.email) == [alice]


def test_a_plan_is_kept_by_its_connection() -> None:
    """With its own SQL for each shape, and without the values."""
    people: Prepared[User] = Prepared(lambda email: User.objects.filter(email=email), planned_once=True)
    for person in (make_person("Alice Meier"), make_person("Bob Rossi")):
        assert people.fetch(email=person.email) == [person]
    with connection.cursor() as cursor:
        cursor.execute("select statement from pg_prepared_statements where statement like '%accounts_user%'")
        statements = [row[0] for row in cursor.fetchall() if '"accounts_user"."email" = $1' in row[0]]
    assert statements
    assert not any("example" in statement for statement in statements)


def test_no_other_statement_is_held_by_its_connection() -> None:
    """The driver would hold the last hundred of all with their values: large files, and people's data."""
    people: Prepared[User] = Prepared(lambda email: User.objects.filter(email=email), planned_once=True)
    alice = make_person("Alice Meier")
    mark = "x" * 70
    for _turn in range(2):
        assert people.fetch(email=alice.email) == [alice]
        assert not User.objects.filter(last_name=mark).exists()
    driver = connection.connection._prepared
    assert any(b'"accounts_user"."email" = $1' in statement for statement, _types in driver._names)
    assert not any(mark.encode() in statement for statement, _types in [*driver._names, *driver._counts])


@pytest.mark.parametrize(
    "build",
    [
        lambda text: User.objects.filter(email=text[:20]),
        lambda text: User.objects.filter(email=text.lower()),
        lambda text: User.objects.filter(email=text.strip()),
        lambda text: User.objects.filter(email=text, last_name=text[:3]),
        lambda text: User.objects.filter(email=text, first_name=translation.get_language()),
        lambda text: User.objects.filter(email=text, time_zone=timezone.get_current_timezone_name()),
        lambda text: User.objects.filter(email=text, last_name=unicodedata.normalize("NFC", text)),
        lambda text: User.objects.filter(email=unicodedata.normalize("NFD", text)),
        lambda text: User.objects.filter(email=text.replace("_", r"\_")),
        lambda text: User.objects.filter(email=text, pk=len(text)),
        lambda text: User.objects.filter(email=text, is_staff=len(text) > 100),
        lambda text: User.objects.filter(email__icontains=text),
        lambda text: User.objects.exclude(email="x"),
        lambda text: User.objects.filter(email=text).none(),
        lambda text: User.objects.filter(email=text).prefetch_related("sessions"),
        lambda text: User(pk=1).sessions.filter(key_hash=text),
    ],
    ids=[
        "cut",
        "lowered",
        "stripped",
        "cut beside",
        "language",
        "time zone",
        "composed",
        "decomposed",
        "escaped",
        "its length",
        "long ones",
        "a part",
        "unused",
        "empty",
        "more rows",
        "from a row",
    ],
)
def test_refuses_a_query_that_changes_with_more_than_its_shape(
    build: Callable[[str], QuerySet[User]],
) -> None:
    """Else the first asker's words would stand in everybody's query."""
    with pytest.raises(NotPrepared):
        Prepared(build).fetch(text="somebody@example.com")


@pytest.mark.parametrize(
    "build",
    [
        lambda at, pk: User.objects.filter(created_at__lte=at, pk=pk, last_name=str(at.month)),
        lambda at, pk: User.objects.filter(created_at__lte=at, pk=pk, last_name=str(at.hour)),
        lambda at, pk: User.objects.filter(created_at__lte=at, pk=pk, avatar_digest=str(pk % 1000)),
        lambda at, pk: User.objects.filter(created_at__lte=at, pk=pk, is_staff=pk > 1_000_000),
    ],
    ids=["month", "hour", "rest", "large"],
)
def test_refuses_a_query_that_takes_a_part_of_a_value(build: Callable[..., QuerySet[User]]) -> None:
    """The stand-ins differ from each other, and from the values of the first asker, in all their parts."""
    with pytest.raises(NotPrepared):
        Prepared(build).fetch(at=AT, pk=4321)


def test_refuses_a_query_that_leaves_out_an_empty_value() -> None:
    """Whoever asks first: with text the query is kept, without it is refused."""
    people: Prepared[User] = Prepared(
        lambda email, least: User.objects.filter(pk__gte=least, **({"email": email} if email else {}))
    )
    alice = make_person("Alice Meier")
    assert people.fetch(email=alice.email, least=1) == [alice]
    with pytest.raises(NotPrepared):
        people.fetch(email="", least=1)
    assert people.fetch(email=alice.email, least=0) == [alice]


def test_keeps_only_so_many_shapes() -> None:
    """What people ask for cannot fill the memory of a process."""
    people: Prepared[User] = Prepared(
        lambda email, limit: User.objects.filter(email=email).order_by("pk")[:limit], shape=["limit"]
    )
    alice = make_person("Alice Meier")
    for limit in range(1, MOST_SHAPES + 5):
        assert people.fetch(email=alice.email, limit=limit) == [alice]
    assert len(people._statements) <= MOST_SHAPES


def test_refuses_what_is_no_value() -> None:
    """None changes the SQL, and a list its length: both are shapes."""
    people: Prepared[User] = Prepared(lambda avatar: User.objects.filter(avatar_digest=avatar))
    for given in (None, [1, 2], True):
        with pytest.raises(NotPrepared):
            people.fetch(avatar=given)
