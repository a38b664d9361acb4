"""REST operations on payments, saved means, prepaid account and to-pay (API-1, API-5)."""

import json

import pytest

from billing.invoices.status import InvoiceStatus
from billing.payments.models import PaymentAttempt
from billing.payments.services import refresh_attempt
from billing.to_pay.rows import DueInvoice
from billing.to_pay.selectors import build_to_pay
from manager.kit.scope import tenant_scope
from tests.factories.amounts import chf
from tests.factories.billing import make_legal_entity
from tests.factories.cast import make_person, make_tenant
from tests.factories.payments import (
    ACTOR,
    fill_prepaid,
    make_method,
    make_order_invoice,
    now,
    open_checkout,
    provider,
)
from tests.factories.products import make_plan, make_product, reread
from tests.isolation.world import make_token


@pytest.fixture
def owner():
    return make_person()


@pytest.fixture
def organization(owner):
    make_legal_entity()
    return make_tenant(owner)


@pytest.fixture
def call(client, owner, organization):
    token = make_token(owner, scopes=("billing:read", "billing:write"), bound=organization.pk)[1]

    def send(method, path, body=None, **headers):
        answer = client.generic(
            method,
            f"/api/1/organizations/{organization.pk}/{path}",
            json.dumps(body) if body is not None else "",
            content_type="application/json",
            headers={"Authorization": f"Bearer {token}", **headers},
        )
        return answer.status_code, json.loads(answer.content)

    return send


def test_pays_with_a_saved_means_once_per_key(psp, organization, call):
    """API-5: the same key gives the same payment."""
    method = make_method(organization)
    invoice, _ = make_order_invoice(organization)
    path, key = f"invoices/{invoice.pk}/pay", {"Idempotency-Key": "order-7"}
    first = call("POST", path, {"method": method.pk}, **key)
    again = call("POST", path, {"method": method.pk}, **key)
    assert first[0] == 201
    assert first[1]["data"]["status"] == "succeeded"
    assert again[1]["data"]["id"] == first[1]["data"]["id"]
    assert call("POST", path, {"method": method.pk})[0] == 409
    assert len(provider().charges()) == 1
    assert call("GET", f"payments/{first[1]['data']['id']}")[1]["data"]["amount"] == chf(invoice.total_amount)


def test_pays_from_the_balance(organization, call):
    """BIL-7."""
    invoice, _ = make_order_invoice(organization)
    assert call("POST", f"invoices/{invoice.pk}/pay", {"prepaid": True})[0] == 409
    fill_prepaid(organization, 50_000)
    assert call("POST", f"invoices/{invoice.pk}/pay", {"prepaid": True})[0] == 201
    assert reread(invoice, organization).status == InvoiceStatus.PAID
    status, body = call("GET", "prepaid")
    assert (status, body["data"]["balance"]) == (200, chf(50_000 - invoice.total_amount))


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"method": 0},
        {"method": "x"},
        {"method": 1, "prepaid": True},
        {"prepaid": False},
        [],
        "x",
        {"method": 10**30},
    ],
)
def test_refuses_what_it_does_not_understand(organization, call, body):
    """API-4."""
    invoice, _ = make_order_invoice(organization)
    assert 400 <= call("POST", f"invoices/{invoice.pk}/pay", body)[0] < 500


def test_refuses_the_means_of_others(psp, organization, call):
    """INC-1."""
    stranger = make_tenant()
    method = make_method(stranger)
    foreign, _ = make_order_invoice(stranger)
    invoice, _ = make_order_invoice(organization)
    assert call("POST", f"invoices/{invoice.pk}/pay", {"method": method.pk})[0] == 404
    assert call("POST", f"invoices/{foreign.pk}/pay", {"prepaid": True})[0] == 404
    assert call("DELETE", f"payment-methods/{method.pk}")[0] == 404
    assert provider().charges() == []


def test_refuses_strange_keys(organization, call):
    """API-5."""
    invoice, _ = make_order_invoice(organization)
    answer = call("POST", f"invoices/{invoice.pk}/pay", {"prepaid": True}, **{"Idempotency-Key": "x" * 256})
    assert (answer[0], answer[1]["error"]["code"]) == (400, "idempotency_key_invalid")
    paid = call("POST", f"invoices/{invoice.pk}/pay", {"prepaid": True}, **{"Idempotency-Key": "x" * 255})
    assert (paid[0], paid[1]["error"]["code"]) == (409, "insufficient_balance")
    assert paid[1]["error"]["context"] == {"balance": chf(0), "needed": chf(invoice.total_amount)}


def test_keeps_the_saved_means(psp, organization, call):
    """BIL-9."""
    method = make_method(organization)
    assert call("GET", "payment-methods")[1]["data"][0]["last4"] == "4242"
    assert call("PATCH", f"payment-methods/{method.pk}", {"name": "Office"})[1]["data"]["name"] == "Office"
    assert call("POST", f"payment-methods/{method.pk}/default")[0] == 200
    assert call("DELETE", f"payment-methods/{method.pk}")[0] == 200
    assert call("GET", "payment-methods")[1]["data"] == []


def test_puts_a_selection_on_one_invoice(organization, call):
    """BIL-2."""
    product = make_product(organization)
    (listed,) = call("GET", "to-pay?filter[show]=all")[1]["data"]
    assert (listed["kind"], listed["product"]["product_id"], listed["invoice"]) == (
        "renewal",
        product.pk,
        None,
    )
    assert [row["months"] for row in listed["product"]["periods"]] == [1, 12, 24]
    status, body = call("POST", "to-pay", {"products": [{"product": product.pk, "months": 24}]})
    assert (status, body["data"]["net_amount"]) == (201, chf(24_000))
    assert call("POST", "to-pay", {"products": [{"product": product.pk, "months": 7}]})[0] == 422
    assert call("POST", "to-pay", {"products": [{"product": 10**18, "months": 12}]})[0] == 404
    assert call("POST", "to-pay", {})[0] == 422


def test_lists_what_is_due_as_the_page_does(organization, call):
    """BIL-2: invoices and products in one order, from either end, by cursor and by number."""
    plan = make_plan()
    for number in range(4):
        make_product(organization, plan=plan, name=f"due-{number}.example")
        make_order_invoice(organization)
    with tenant_scope(organization.pk):
        page = build_to_pay(organization=organization, today=now().date(), until=None)
    due = [row.invoice.pk if isinstance(row, DueInvoice) else row.product.pk for row in page.rows]

    def ids(query):
        answer = call("GET", f"to-pay?filter[show]=all&{query}")[1]
        return [
            (row["invoice"] or {}).get("id") or row["product"]["product_id"] for row in answer["data"]
        ], answer

    assert ids("")[0] == due
    assert ids("order=desc")[0] == due[::-1]
    found, cursor = [], ""
    while True:
        rows, answer = ids(f"per_page=3&after={cursor}")
        found, cursor = found + rows, answer["next"]
        if cursor is None:
            break
    assert found == due
    assert [ids(f"per_page=3&page={number}")[0] for number in (1, 2, 3)] == [due[:3], due[3:6], due[6:]]
    assert ids("return=total")[1]["total"] == len(due)
    assert len(ids("filter[kind]=invoices")[0]) == len(due) - len(ids("filter[kind]=renewals")[0])
    assert len(ids("search=due-1")[0]) == 1
    assert call("GET", "to-pay?show=all")[0] == 422


def test_takes_a_selection_apart(organization, call):
    """BIL-2: what had gone into it comes back; a second time there is nothing to take apart."""
    product = make_product(organization)
    draft, _ = make_order_invoice(organization)
    chosen = {"products": [{"product": product.pk, "months": 12}], "invoices": [draft.pk]}
    selection = call("POST", "to-pay", chosen)[1]["data"]["id"]
    status, body = call("POST", f"invoices/{selection}/release")
    (back,) = body["data"]
    assert (status, back["status"]) == (200, "draft")
    assert call("GET", f"invoices/{selection}")[1]["data"]["status"] == "cancelled"
    assert call("POST", f"invoices/{selection}/release")[0] == 409
    assert call("POST", f"invoices/{back['id']}/release")[0] == 409


def test_gives_an_open_payment_up(psp, organization, call):
    """BIL-2: then another means can be taken; closed again it stays as it is."""
    invoice, _ = make_order_invoice(organization)
    attempt = open_checkout(invoice)
    tried = call("POST", f"payments/{attempt.pk}/cancel?dry_run=true")
    assert (tried[0], tried[1]["error"]["code"]) == (422, "dry_run_not_possible")
    for _ in range(2):
        status, body = call("POST", f"payments/{attempt.pk}/cancel")
        assert (status, body["data"]["status"]) == (200, "cancelled")
    fill_prepaid(organization, 50_000)
    assert call("POST", f"invoices/{invoice.pk}/pay", {"prepaid": True})[0] == 201


def test_opens_the_page_of_the_provider(psp, organization, call):
    """BIL-3: as the page to pay does; once for each key, and the means is kept where that is wanted."""
    invoice, _ = make_order_invoice(organization)
    path, body, key = (
        f"invoices/{invoice.pk}/pay",
        {"kind": "card", "keep": True},
        {"Idempotency-Key": "page"},
    )
    first, again = call("POST", path, body, **key), call("POST", path, body, **key)
    assert first == again
    payment = first[1]["data"]
    assert (first[0], payment["status"], payment["amount"]) == (
        201,
        "requires_action",
        chf(invoice.total_amount),
    )
    assert call("POST", path, {"kind": "card"}, **key)[1]["error"]["code"] == "idempotency_key_reused"
    assert call("POST", path, body, **{"Idempotency-Key": "other"})[1]["data"]["id"] == payment["id"]
    provider().pay_checkout(payment["action_url"])
    with tenant_scope(organization.pk):
        refresh_attempt(attempt=PaymentAttempt.objects.get(pk=payment["id"]), actor=ACTOR, at=now())
    assert reread(invoice, organization).status == InvoiceStatus.PAID
    assert [one["kind"] for one in call("GET", "payment-methods")[1]["data"]] == ["card"]
    assert call("POST", path, {"kind": "card"})[0] == 409


def test_the_page_takes_what_the_balance_leaves(psp, organization, call):
    """BIL-3."""
    invoice, _ = make_order_invoice(organization)
    fill_prepaid(organization, 100)
    path = f"invoices/{invoice.pk}/pay"
    status, told = call("POST", path, {"kind": "card", "use_balance": True})
    assert (status, told["data"]["from_balance"]) == (201, chf(100))
    assert told["data"]["amount"] == chf(invoice.total_amount - 100)


def test_refuses_pages_that_cannot_be(psp, organization, call):
    """API-4, API-5, INC-1: two ways at once, unknown kinds, invoices of others, tries; nothing is begun."""
    invoice, _ = make_order_invoice(organization)
    foreign, _ = make_order_invoice(make_tenant())
    path = f"invoices/{invoice.pk}/pay"
    for body in ({"kind": "gold"}, {"kind": "card", "prepaid": True}, {"kind": "card", "method": 1}):
        assert call("POST", path, body)[1]["error"]["code"] == "validation_failed"
    assert call("POST", f"invoices/{foreign.pk}/pay", {"kind": "card"})[0] == 404
    assert (
        call("POST", f"{path}?dry_run=true", {"kind": "card"})[1]["error"]["code"] == "dry_run_not_possible"
    )
    with tenant_scope(organization.pk):
        assert not PaymentAttempt.objects.filter(organization_id=organization.pk).exists()
