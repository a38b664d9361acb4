"""The list of products in a small and in a big organization, in interleaved rounds (UI-2).

`make bench` runs it. What is compared are ratios within one run: the same page of a tenant of 100 and of
100,000 products.
"""

from collections.abc import Callable
from datetime import date
from statistics import median
from time import perf_counter

import psycopg
from django.test import Client

from organizations.profile.models import Organization
from tests.factories.cast import client_of, make_person, make_tenant
from tests.factories.products import make_many_products, make_plan

ROUNDS = 15
MOST_PLAIN = 1.5
MOST_SEARCH = 5.0
PAGES = {
    "first page": "",
    "by name": "?sort=name",
    "by status": "?sort=status",
    "last page": "?sort=-expires_on",
    "expiring soon": "?expires=60",
    "part of a name": "?q=99",
    "no match": "?q=zzz",
}
SEARCHES = {"part of a name", "no match"}


def timed(client: Client, organization: Organization, query: str) -> float:
    start = perf_counter()
    response = client.get(f"/o/{organization.pk}/products/{query}")
    assert response.status_code == 200
    return perf_counter() - start


def test_a_page_costs_the_same_in_a_big_organization(
    superuser_connection: psycopg.Connection, record_property: Callable[[str, object], None]
) -> None:
    """UI-2: the plain pages within 1.5 times, a search within 5 times."""
    owner = make_person()
    small, big = make_tenant(owner, name="Small"), make_tenant(owner, name="Big")
    plan = make_plan()
    make_many_products(small, 100, plan=plan, begin=date(2026, 1, 15))
    make_many_products(big, 100_000, plan=plan, begin=date(2026, 1, 15))
    superuser_connection.execute("vacuum analyze products_product")
    client = client_of(owner)
    timed(client, small, "")
    timed(client, big, "")
    too_slow = []
    for name, query in PAGES.items():
        rounds = [(timed(client, small, query), timed(client, big, query)) for _ in range(ROUNDS)]
        few, many = median(a for a, _ in rounds), median(b for _, b in rounds)
        ratio = median(b / a for a, b in rounds)
        record_property(name, round(ratio, 2))
        print(f"{name:16} 100: {few * 1000:6.1f} ms   100,000: {many * 1000:6.1f} ms   ratio {ratio:.2f}")
        if ratio > (MOST_SEARCH if name in SEARCHES else MOST_PLAIN):
            too_slow.append(name)
    assert not too_slow
