"""Orders and the catalogue over REST (API-1, API-2, INC-27)."""

import pytest

from billing.orders.models import CartLine, Order, OrderLine
from billing.orders.status import OrderStatus
from manager.kit.scope import tenant_scope
from tests.benchmarks.served.many import copy_rows
from tests.billing.orders.scripts import client_for, path, post
from tests.factories.amounts import chf
from tests.factories.billing import make_address, make_buyer
from tests.factories.cast import make_member, make_person, make_tenant
from tests.factories.holds import make_hold
from tests.factories.orders import fill_cart, make_order, reread_order
from tests.factories.products import make_plan


@pytest.fixture
def owner():
    return make_person()


@pytest.fixture
def organization(owner):
    return make_buyer(owner)


@pytest.fixture
def api(owner):
    return client_for(owner)


def order_count(organization):
    with tenant_scope(organization.pk):
        return Order.objects.count()


def test_reads_the_catalogue(api, organization):
    """PRD-1: prices of the day in the organization's currency."""
    make_plan(slug="web-m", prices={("CHF", 12): 6900, ("CHF", 1): 690, ("EUR", 12): 6500})
    make_plan(slug="only-euro", prices={("EUR", 12): 6500})
    (family,) = api.get(path(organization, "catalogue")).json()["data"]
    assert family["slug"] == "web"
    (plan,) = family["plans"]
    assert plan["slug"] == "web-m"
    assert plan["features"] == ["One", "Two"]
    assert plan["prices"] == [
        {"months": 1, "amount": chf(690)},
        {"months": 12, "amount": chf(6900)},
    ]


def test_says_what_it_would_cost_and_orders_nothing(api, organization):
    """PRD-3."""
    plan = make_plan()
    lines = [{"plan": plan.slug, "months": 12, "quantity": 2}]
    answer = post(api, path(organization), {"lines": lines})
    assert answer.status_code == 200
    data = answer.json()["data"]
    sums = data["net_amount"], data["tax_amount"], data["total_amount"]
    assert sums == (chf(24_000), chf(1_944), chf(25_944))
    assert data["lines"][0]["tax_rate"] == 810
    assert order_count(organization) == 0


def test_places_an_order_and_leaves_the_cart(api, organization):
    """PRD-4."""
    plan = make_plan()
    fill_cart(organization)
    lines = [{"plan": plan.slug, "months": 12, "name": "From a script"}]
    answer = post(api, path(organization), {"lines": lines, "confirmed_total": chf(12_972)})
    assert answer.status_code == 201
    data = answer.json()["data"]
    assert data["status"] == "pending"
    assert data["total_amount"] == chf(12_972)
    assert data["lines"][0]["name"] == "From a script"
    assert api.get(path(organization, f"orders/{data['id']}")).json()["data"] == data
    assert [row["id"] for row in api.get(path(organization)).json()["data"]] == [data["id"]]
    assert api.get(path(organization, f"invoices/{data['invoice_id']}")).status_code == 200
    with tenant_scope(organization.pk):
        assert CartLine.objects.count() == 1


def test_gives_one_order_for_one_key(api, organization):
    """API-4: a repeated request is no second order."""
    body = {"lines": [{"plan": make_plan().slug, "months": 12}], "confirmed_total": chf(12_972)}
    ids = {
        post(api, path(organization), body, idempotency_key="job-7").json()["data"]["id"] for _ in range(2)
    }
    assert len(ids) == 1
    assert post(api, path(organization), body, idempotency_key="job-8").json()["data"]["id"] not in ids
    refused = post(api, path(organization), body, idempotency_key="x" * 256)
    assert refused.status_code == 400


@pytest.mark.parametrize("total", [0, 1, 12_971, 12_973, 10**12])
def test_refuses_another_total(api, organization, total):
    """INC-27: and says the right one."""
    body = {"lines": [{"plan": make_plan().slug, "months": 12}], "confirmed_total": chf(total)}
    answer = post(api, path(organization), body)
    assert answer.status_code == 409
    assert answer.json()["error"]["context"]["total"] == chf(12_972)
    assert order_count(organization) == 0


@pytest.mark.parametrize(
    ("total", "part"),
    [
        (12_972, None),
        ("129.72", None),
        ({"amount": "12972", "currency": "CHF"}, "amount"),
        ({"amount": 12_972.0, "currency": "CHF"}, "amount"),
        ({"amount": True, "currency": "CHF"}, "amount"),
        ({"amount": -1, "currency": "CHF"}, "amount"),
        ({"amount": 10**12 + 1, "currency": "CHF"}, "amount"),
        ({"amount": 12_972, "currency": "EUR"}, "currency"),
        ({"amount": 12_972, "currency": ["CHF"]}, "currency"),
        ({"amount": 12_972}, "currency"),
        ({"amount": 12_972, "currency": "CHF", "cents": 0}, None),
    ],
    ids=["bare", "text", "string", "float", "bool", "negative", "huge", "euro", "list", "none", "more"],
)
def test_refuses_what_is_no_amount_in_the_currency(api, organization, total, part):
    """INC-27: beside the part that is wrong."""
    body = {"lines": [{"plan": make_plan().slug, "months": 12}], "confirmed_total": total}
    answer = post(api, path(organization), body)
    assert answer.status_code == 422, answer.content
    told = answer.json()["error"]["context"]["fields"]["confirmed_total"]
    assert list(told) == [part] if part else isinstance(told, list)
    assert order_count(organization) == 0


@pytest.mark.parametrize(
    "line",
    [
        {"quantity": 0},
        {"quantity": -1},
        {"quantity": 10**9},
        {"quantity": 0.5},
        {"quantity": "many"},
        {"months": 7},
        {"months": 0},
        {"months": -12},
        {"months": 10**30},
        {"plan": "no-such-plan"},
        {"plan": "x' OR 1=1"},
        {"plan": None},
        {"name": "x" * 300},
        {"name": "a\u0000b"},
    ],
)
def test_refuses_lines_that_are_not_offered(api, organization, line):
    """INC-27: 422, with the field."""
    lines = [{"plan": make_plan().slug, "months": 12, **line}]
    answer = post(api, path(organization), {"lines": lines, "confirmed_total": chf(12_972)})
    assert answer.status_code == 422, answer.content
    assert next(iter(line)) in str(answer.json()["error"]["context"]["fields"]["lines"])
    assert order_count(organization) == 0


@pytest.mark.parametrize(
    "body", [{}, [], {"lines": []}, {"lines": "x"}, {"lines": [1]}, {"lines": [{}] * 51}, "x"]
)
def test_refuses_bodies_that_are_none(api, organization, body):
    """INC-27."""
    assert post(api, path(organization), body).status_code in {400, 422}


def test_ignores_prices_and_currencies_of_the_client(api, organization):
    """INC-27."""
    line = {"plan": make_plan().slug, "months": 12, "unit_amount": 1, "currency": "EUR", "price": 0}
    answer = post(api, path(organization), {"lines": [line], "currency": "EUR"})
    assert answer.json()["data"]["total_amount"] == chf(12_972)


def test_refuses_the_address_of_another_organization(api, organization):
    """ORG-17: as one that does not exist."""
    foreign = make_address(make_tenant(name="Other AG"))
    lines = [{"plan": make_plan().slug, "months": 12}]
    answers = [
        post(api, path(organization), {"lines": lines, "address_id": pk}) for pk in (foreign.pk, 999_999)
    ]
    assert [answer.status_code for answer in answers] == [404, 404]
    assert answers[0].content == answers[1].content


def test_cancels_an_order(api, organization):
    """PRD-4."""
    order = make_order(organization)
    answer = post(api, path(organization, f"orders/{order.pk}/cancel"), {})
    assert answer.json()["data"]["status"] == "cancelled"
    assert reread_order(order, organization).status == OrderStatus.CANCELLED
    again = post(api, path(organization, f"orders/{order.pk}/cancel"), {})
    assert (again.status_code, again.json()["error"]["code"]) == (409, "order_already_cancelled")


def test_asks_for_scopes_and_rights(organization, owner):
    """API-2: the token's scope and the member's right, both."""
    order = make_order(organization)
    body = {"lines": [{"plan": make_plan().slug, "months": 12}], "confirmed_total": chf(12_972)}
    reader = client_for(owner, "billing:read", "products:read")
    assert reader.get(path(organization)).status_code == 200
    assert post(reader, path(organization), body).status_code == 403
    assert post(reader, path(organization, f"orders/{order.pk}/cancel"), {}).status_code == 403
    member = client_for(make_member(organization))
    assert member.get(path(organization)).status_code == 403
    assert post(member, path(organization), body).status_code == 403
    assert member.get(path(organization, "catalogue")).status_code == 200
    stranger = client_for(make_person("Charlie Stone"))
    assert stranger.get(path(organization)).status_code == 404
    assert post(stranger, path(organization), body).status_code == 404
    assert order_count(organization) == 1


def test_a_row_of_the_list_is_the_order_itself(api, organization, owner, superuser_connection):
    """API-1: pending, cancelled, held, and with a product that has left the organization."""
    pending, cancelled, moved = (make_order(organization) for _ in range(3))
    post(api, path(organization, f"orders/{cancelled.pk}/cancel"), {})
    held = make_hold(organization, owner.pk).order
    elsewhere = make_tenant()
    superuser_connection.execute("set session_replication_role = replica")
    superuser_connection.execute(
        "update products_product set organization_id = %s where id in"
        " (select product_id from billing_orderline where order_id = %s)",
        [elsewhere.pk, moved.pk],
    )
    superuser_connection.execute("set session_replication_role = origin")
    rows = api.get(path(organization)).json()["data"]
    assert {row["id"] for row in rows} == {pending.pk, cancelled.pk, moved.pk, held.pk}
    assert {row["status"] for row in rows} == {"pending", "cancelled", "held"}
    for row in rows:
        assert row == api.get(path(organization, f"orders/{row['id']}")).json()["data"]


def test_pages_by_number_are_those_by_cursor(api, organization, superuser_connection):
    """API-1: of what is passed over the keys alone are read, from either end."""
    order = make_order(organization, make_plan())
    with tenant_scope(organization.pk):
        line = OrderLine.objects.filter(order=order).earliest("pk")
    invoice, begin = order.invoice_id, 1_000_000
    for table, row, changes in (
        ("billing_invoice", invoice, {"origin_key": "'copy-' || n"}),
        ("billing_order", order.pk, {"invoice_id": f"{begin} + n", "confirmation_key": "'copy-' || n"}),
        ("billing_orderline", line.pk, {"order_id": f"{begin} + n", "product_id": f"{begin} + n"}),
    ):
        copy_rows(superuser_connection, table, row, 60, begin=begin, **changes)
    first = api.get(path(organization)).json()
    second = api.get(path(organization), {"after": first["next"]}).json()
    third = api.get(path(organization), {"after": second["next"]}).json()
    for number, page in enumerate((first, second, third), 1):
        told = api.get(path(organization), {"page": number}).json()
        assert (told["data"], told["total"]) == (page["data"], 61)
    assert [row["id"] for row in third["data"]] == [*range(begin + 9, begin - 1, -1), order.pk]


def test_pages_by_cursors(api, organization):
    """API-1: and filters by status."""
    ids = [make_order(organization).pk for _ in range(3)]
    first = api.get(path(organization), {"per_page": 2}).json()
    assert [row["id"] for row in first["data"]] == [ids[2], ids[1]]
    second = api.get(path(organization), {"per_page": 2, "after": first["next"]}).json()
    assert [row["id"] for row in second["data"]] == [ids[0]]
    assert second["next"] is None
    assert api.get(path(organization), {"filter[status]": "paid"}).json()["data"] == []
    for query in ({"per_page": 0}, {"per_page": 101}, {"filter[status]": "x"}):
        assert api.get(path(organization), query).status_code == 422
    assert api.get(path(organization), {"after": "nonsense"}).status_code == 400
