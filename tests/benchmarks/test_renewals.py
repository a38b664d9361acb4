"""How fast renewals are planned, beside the batched limit in the same rounds; what a charge costs (BIL-11).

RENEWALS=100000 plans so many products, by default 10,000; ROUNDS=3. The products of an organization expire on
five days: an invoice has a fifth of them. Ratios are of processor time, of Python and PostgreSQL together, as
elapsed time is that of a machine which others use; both are told.
"""

import os
import threading
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path
from statistics import median

import psycopg
import pytest
from django.db import connections

from billing.engine.services import plan_due
from billing.invoices.models import Invoice
from billing.renewals.charging import drain_charges
from billing.renewals.models import Renewal
from products.inventory.models import Product
from tests.benchmarks.batched_limit import BatchedLimit
from tests.benchmarks.processor import Burnt, burning
from tests.factories.cast import make_tenant
from tests.factories.payments import close_connections, make_method, provider
from tests.factories.portfolio import make_portfolio, refused_rows
from tests.factories.products import make_plan
from tests.factories.renewals import days_before, make_renewing

DUE = days_before(14)
NUMBER = int(os.environ.get("RENEWALS", "10000"))
ROUNDS = int(os.environ.get("ROUNDS", "3"))


def renewed() -> int:
    """Return how many products are on a planned renewal."""
    return Renewal.objects.using("system").filter(status="planned").values("product_id").distinct().count()


def planner() -> int:
    """Return the process of PostgreSQL that works for the engine in this thread."""
    with connections["system"].cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        return int(cursor.fetchone()[0])


def plan_again(number: int, each: int) -> tuple[float, Burnt]:
    """Return the seconds in which `number` products of a fresh portfolio are planned, and the processor's."""
    make_portfolio(number // each, each, days=5 if each > 1 else 1)
    return plan_all(number)


def plan_all(number: int) -> tuple[float, Burnt]:
    """Plan what is due, which are `number` products; return the seconds, and the processor's."""
    before, began = renewed(), time.perf_counter()
    with burning(planner()) as burnt:
        plan_due(at=DUE)
    elapsed = time.perf_counter() - began
    assert renewed() - before == number
    return elapsed, burnt


def most_memory() -> int:
    """Return the most memory that this process has used so far, in KiB."""
    lines = Path("/proc/self/status").read_text().splitlines()
    return int(next(line for line in lines if line.startswith("VmHWM")).split()[1])


@pytest.fixture
def seasoned(superuser_connection: psycopg.Connection) -> Callable[[], None]:
    """Begin as `season` does; called, it does so again, for the next round."""
    season(superuser_connection)
    return partial(season, superuser_connection)


def season(connection: psycopg.Connection) -> None:
    """Begin with what a round is not measured by: a thousand planned renewals, and statistics of all tables.

    Tables hold nothing of the rounds before, as those of the limit, which are filled anew as well.
    """
    connection.execute("SET session_replication_role = replica")
    connection.execute("TRUNCATE organizations_organization CASCADE")
    connection.execute("RESET session_replication_role")
    make_portfolio(20, 50, days=5)
    plan_due(at=DUE)
    connection.execute("ANALYZE")


@pytest.fixture
def limit(superuser_connection: psycopg.Connection):
    """The batched limit, on its own tables of the same database."""
    with BatchedLimit(superuser_connection) as tables:
        yield tables


@pytest.mark.parametrize("each", [100, 1], ids=["grouped", "one_a_customer"])
def test_planning_beside_the_batched_limit(seasoned, limit, each, query_count, record_property):
    """At least half as fast as one statement for 500 that writes five plain rows a renewal."""
    plan_again(1000, each)
    limit.run(1000)
    begun = most_memory()
    ratios, elapsed, costs = [], [], []
    for _ in range(ROUNDS):
        floor, floor_burnt = limit.run(NUMBER)
        seasoned()
        with query_count() as seen:
            seconds, burnt = plan_again(NUMBER, each)
        ratios.append(floor_burnt.both / burnt.both)
        elapsed.append(floor / seconds)
        costs.append([spent / NUMBER * 1000 for spent in (floor_burnt.both, burnt.python, burnt.database)])
    limits, python, database = zip(*costs, strict=True)
    figures = {
        "of_the_limit": round(median(ratios), 3),
        "of_the_limit_by_elapsed_time": round(median(elapsed), 3),
        "limit_ms_a_product": round(median(limits), 4),
        "python_ms_a_product": round(median(python), 4),
        "database_ms_a_product": round(median(database), 4),
        "memory_mib": (most_memory() - begun) // 1024,
        "statements_a_product": round(seen.count / NUMBER, 4),
    }
    for name, value in figures.items():
        record_property(name, value)
    print(each, figures)
    assert figures["memory_mib"] <= 200


def test_two_engines_beside_one(seasoned, record_property):
    """Two at once are not slower than one."""
    ratios = []
    for _ in range(ROUNDS):
        seasoned()
        alone, _burnt = plan_again(NUMBER, 100)
        seasoned()
        make_portfolio(NUMBER // 100, 100, days=5)
        threads = [threading.Thread(target=_plan_and_leave) for _ in range(2)]
        began = time.perf_counter()
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        plan_due(at=DUE)
        ratios.append(alone / (time.perf_counter() - began))
    record_property("two_over_one", round(median(ratios), 2))
    print("two engines over one", ratios)


def _plan_and_leave() -> None:
    try:
        plan_due(at=DUE)
    finally:
        close_connections()


@pytest.mark.parametrize("refused_by", ["the_engine", "the_database"])
def test_one_bad_row_in_a_hundred(seasoned, superuser_connection, refused_by, record_property):
    """Every good one is planned once; at least half as fast as without bad ones.

    The engine computes no price beyond what an amount can be; what the database refuses it has to look for.
    """
    ratios, elapsed = [], []
    for _ in range(ROUNDS):
        seasoned()
        clean, clean_burnt = plan_again(NUMBER, 100)
        seasoned()
        owners = make_portfolio(NUMBER // 100, 100, days=5)
        rows = Product.objects.using("system").filter(organization_id__in=owners, name="s7.example")
        good = NUMBER - NUMBER // 100
        if refused_by == "the_database":
            # By what their ids have in common: to compare each row with a list of them all would be measured.
            (place,) = {pk % 100 for pk in rows.values_list("pk", flat=True)}
            with refused_rows(superuser_connection, "billing_renewal", f"NEW.product_id % 100 = {place}"):
                seconds, burnt = plan_all(good)
            rows.update(auto_renew=False)
        else:
            rows.update(plan=make_plan(prices={("CHF", 12): 2**62}))
            seconds, burnt = plan_all(good)
        ratios.append(clean_burnt.both / burnt.both * good / NUMBER)
        elapsed.append(clean / seconds * good / NUMBER)
    record_property("poisoned_over_clean", round(median(ratios), 2))
    print("one bad in a hundred, over clean", refused_by, ratios, "by elapsed time", elapsed)
    assert median(ratios) >= 0.5


def test_growth(seasoned, record_property):
    """A product costs little more among many, and a run with nothing due among them as good as nothing."""
    empty, cost, memory = {}, {}, {}
    for number in sorted({1000, 10_000, NUMBER}):
        make_portfolio(number // 100, 100, days=5)
        times = []
        for _ in range(5):
            began = time.perf_counter()
            assert plan_due(at=days_before(60)) == 0
            times.append(time.perf_counter() - began)
        empty[number] = median(times)
        before = most_memory()
        _elapsed, burnt = plan_all(number)
        cost[number] = burnt.both / number * 1000
        memory[number] = (most_memory() - before) // 1024
    figures = {
        "of_10000": round(cost[NUMBER] / cost[10_000], 2),
        "empty_run_of_1000": round(empty[NUMBER] / empty[1000], 2),
    }
    for name, value in figures.items():
        record_property(name, value)
    print(figures, "ms a product", cost, "seconds of an empty run", empty, "MiB", memory)


def test_charge_200_due_products(psp, query_count, record_property):
    """Charging is at most 300 statements for an invoice with ten products."""
    plan = make_plan()
    for _ in range(20):
        organization = make_tenant(time_zone="UTC")
        make_method(organization)
        for _ in range(10):
            make_renewing(organization, plan=plan)
    assert plan_due(at=DUE) == 20
    began = time.perf_counter()
    with query_count() as charging:
        assert drain_charges(at=DUE) == 20
    products = Product.objects.using("system").filter(expires_on__year=2028).count()
    assert products == 200 == 10 * len(provider().charges())
    assert Invoice.objects.using("system").filter(status="paid").count() == 20
    figures = {
        "charge_seconds": round(time.perf_counter() - began, 2),
        "charge_statements_per_renewal": round(charging.count / products, 2),
    }
    for name, value in figures.items():
        record_property(name, value)
    print(figures)
    assert charging.count / 20 < 300
