"""The lists of the REST API that grow, beside a floor, in interleaved rounds over HTTP (API-1).

`make bench` runs it, and `python -m pytest tests/benchmarks/test_api_lists.py --run-benchmarks -s` alone.
`floor` and the servers are those of test_product_lists.py: a bare list of 25 rows of products, asked for with
the same token.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from http.client import HTTPConnection
from json import loads
from pathlib import Path
from statistics import median
from typing import Any

import psycopg
import pytest

from billing.invoices.models import Invoice
from billing.ledger.models import AccountKind, Entry, Journal
from billing.orders.models import Order, OrderLine
from organizations.audit.models import AuditEvent
from organizations.profile.models import Organization
from products.inventory.models import Product
from tests.benchmarks.served.many import copy_rows
from tests.benchmarks.served.rounds import Asked, compare
from tests.benchmarks.served.servers import Server, serve
from tests.factories.billing import make_address, make_legal_entity
from tests.factories.cast import make_person, make_tenant
from tests.factories.orders import make_order
from tests.factories.payments import fill_prepaid
from tests.factories.products import make_many_products, make_plan
from tests.factories.tokens import make_api_token

FEW, MANY = 100, 100_000
REQUESTS = 30
TOGETHER, ROUNDS = 40, 3
MOST_OF_FLOOR, MOST_OF_FIRST = 1.7, 1.2
LEAST_OF_FLOOR = 0.6
# The last page that has a number: 25 rows each, within the first 1,000.
LAST_NUMBER = 40
LISTS = {
    "products": "products",
    "invoices": "invoices",
    "orders": "orders",
    "movements": "prepaid/movements",
    "audit": "audit",
}
SCOPES = ("products:read", "billing:read", "organizations:read")


@dataclass(frozen=True, slots=True)
class Stage:
    """The panel and the bare server, two organizations of one person, and the person's token."""

    panel: Server
    bare: Server
    small: Organization
    big: Organization
    token: dict[str, str]


@pytest.fixture
def stage(superuser_connection: psycopg.Connection, psp: object, tmp_path: Path) -> Iterator[Stage]:
    """Serve 100 and 100,000 rows of each kind."""
    make_legal_entity()
    owner, plan = make_person(), make_plan()
    small, big = make_tenant(owner, name="Small"), make_tenant(owner, name="Big")
    for organization, number in ((small, FEW), (big, MANY)):
        make_address(organization, is_default=True)
        make_order(organization, plan)
        fill_prepaid(organization, 5000)
        make_many_products(organization, number, plan=plan, begin=date(2026, 1, 15))
        _fill(superuser_connection, organization, number)
    superuser_connection.execute("vacuum analyze")
    _token, secret = make_api_token(owner, scopes=SCOPES)
    with (
        serve("tests.benchmarks.served.settings", tmp_path) as panel,
        serve("tests.benchmarks.served.bare_settings", tmp_path) as bare,
    ):
        yield Stage(panel, bare, small, big, {"Authorization": f"Bearer {secret}"})


def _fill(database: psycopg.Connection, organization: Organization, number: int) -> None:
    """Copy the order with its invoice, the movement and an event of the audit."""
    begin = organization.pk * 10_000_000
    mine = {"organization_id": organization.pk}
    products = Product.objects.using("system").filter(**mine, status="active").order_by("pk")
    order = Order.objects.using("system").get(**mine)
    line = OrderLine.objects.using("system").filter(order=order).earliest("pk")
    entry = Entry.objects.using("system").get(**mine, account__kind=AccountKind.PREPAID)
    event = AuditEvent.objects.using("system").filter(**mine).earliest("pk")

    def copy(table: str, row_id: int, **changes: str) -> None:
        copy_rows(database, table, row_id, number, begin=begin, **changes)

    invoice_table, order_table = Invoice._meta.db_table, Order._meta.db_table
    copy(
        invoice_table,
        order.invoice_id,
        origin_key="'copy-' || n",
        created_at="t.created_at + n * interval '1 s'",
    )
    copy(order_table, order.pk, invoice_id=f"{begin} + n", confirmation_key="'copy-' || n")
    first = products.earliest("pk").pk
    copy(OrderLine._meta.db_table, line.pk, order_id=f"{begin} + n", product_id=f"{first} + n")
    copy(Journal._meta.db_table, entry.journal_id, reference="'copy-' || n")
    copy(Entry._meta.db_table, entry.pk, journal_id=f"{begin} + n")
    copy(AuditEvent._meta.db_table, event.pk, at="t.at + n * interval '1 s'")


def _read(stage: Stage, path: str) -> dict[str, Any]:
    connection = HTTPConnection("127.0.0.1", stage.panel.port, timeout=60)
    connection.request("GET", path, headers={"X-Forwarded-Proto": "https", **stage.token})
    answer = connection.getresponse()
    told = loads(answer.read())
    connection.close()
    assert answer.status == 200, (path, told)
    return dict(told)


def _last_page(stage: Stage, path: str) -> str:
    """Return the address of the last 25 rows: of all, read from the other end, after the 26th."""
    usual = "desc" if _is_falling(stage, path) else "asc"
    turned = _read(stage, f"{path}?per_page=26&order={'asc' if usual == 'desc' else 'desc'}")
    address = f"{path}?after={turned['next']}"
    last = _read(stage, address)
    assert (len(last["data"]), last["next"]) == (25, None), path
    return address


def _is_falling(stage: Stage, path: str) -> bool:
    return bool(_read(stage, path)["data"] == _read(stage, f"{path}?order=desc")["data"])


def _asked(stage: Stage) -> dict[str, Asked]:
    def asking(path: str) -> Asked:
        return Asked(stage.panel, path, stage.token, REQUESTS)

    asked = {"floor": Asked(stage.bare, f"/floor/{stage.big.pk}/", stage.token, REQUESTS)}
    for name, path in LISTS.items():
        small, big = (f"/api/1/organizations/{one.pk}/{path}" for one in (stage.small, stage.big))
        asked |= {
            f"{name}, few": asking(small),
            f"{name}, many": asking(big),
            f"{name}, last": asking(_last_page(stage, big)),
            f"{name}, page 1": asking(f"{big}?page=1"),
            f"{name}, page {LAST_NUMBER}": asking(f"{big}?page={LAST_NUMBER}"),
        }
    return asked


def _together(stage: Stage, asked: dict[str, Asked]) -> dict[str, float]:
    """Return by list how many requests a second it answers to eight at once, as a part of the floor's."""
    names = [f"{name}, many" for name in LISTS]
    ratios: dict[str, list[float]] = {name: [] for name in names}
    for _round in range(ROUNDS):
        floor = stage.bare.throughput(asked["floor"].path, stage.token, TOGETHER)
        for name in names:
            ratios[name].append(stage.panel.throughput(asked[name].path, stage.token, TOGETHER) / floor)
    return {name: median(found) for name, found in ratios.items()}


def test_lists_beside_the_floor(stage: Stage, record_property: Callable[[str, object], None]) -> None:
    """API-1: 1.7 times the floor at most with few rows and many, 1.2 times the first page anywhere."""
    asked = _asked(stage)
    most: dict[tuple[str, str], float] = {}
    for name in LISTS:
        most |= {(f"{name}, {rows}", "floor"): MOST_OF_FLOOR for rows in ("few", "many")}
        most[f"{name}, last", f"{name}, many"] = MOST_OF_FIRST
        most[f"{name}, page {LAST_NUMBER}", f"{name}, page 1"] = MOST_OF_FIRST
    ratios = compare(asked, list(most), record_property)
    slow = {pair: round(ratio, 2) for pair, ratio in ratios.items() if ratio > most[pair]}
    rates = _together(stage, asked)
    for name, rate in rates.items():
        record_property(f"{name}: requests a second beside the floor's", round(rate, 2))
        print(f"{name + ', requests a second / floor':46} {rate:.2f}")
    few = {name: round(rate, 2) for name, rate in rates.items() if rate < LEAST_OF_FLOOR}
    assert (slow, few) == ({}, {})
