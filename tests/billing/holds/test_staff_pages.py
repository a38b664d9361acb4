"""The back office: rules, held orders, all orders, what is paid and not set up (PRD-4, PRD-5, PRD-7)."""

import pytest
from django.urls import reverse

from billing.holds.models import HoldRuleChange
from billing.holds.rights import EDIT_HOLD_RULES, LOOK_AFTER_ORDERS
from billing.holds.selectors import get_rule
from billing.holds.status import HoldStatus, RuleKind
from billing.invoices.periodic import drain_unfulfilled
from billing.orders.status import OrderStatus
from manager.kit.scope import tenant_scope
from manager.outbox.relay import drain_outbox
from products.inventory.models import Product
from products.inventory.status import ProductStatus
from tests.factories.billing import pay_invoice
from tests.factories.cast import client_of, make_tenant
from tests.factories.holds import hold_of, make_hold, place, switch_on
from tests.factories.identity import make_staff, staff_client
from tests.factories.orders import reread_order
from tests.factories.payments import now


@pytest.fixture
def staff():
    return staff_client(make_staff(LOOK_AFTER_ORDERS, EDIT_HOLD_RULES))


@pytest.mark.parametrize(
    ("kind", "fields", "stored"),
    [
        (RuleKind.VELOCITY, {"orders": "3", "hours": "12"}, {"orders": 3, "hours": 12, "amounts": {}}),
        (RuleKind.AMOUNT, {"amount_chf": "99.50"}, {"amounts": {"CHF": 9950}}),
        (RuleKind.COUNTRY, {"sources": ["card", "address"]}, {"sources": ["card", "address"]}),
        (RuleKind.DOMAIN_NAME, {"lines": "Bank\npay"}, {"words": ["bank", "pay"]}),
        (RuleKind.EMAIL, {"lines": "*@mail.example"}, {"patterns": ["*@mail.example"]}),
    ],
)
def test_a_rule_is_edited_with_history(staff, kind, fields, stored):
    """PRD-5."""
    page = reverse("billing:staff_hold_rule", args=[kind])
    assert staff.post(page, {"is_on": "on", **fields}).status_code == 302
    rule = get_rule(kind=kind)
    assert (rule.is_on, rule.parameters) == (True, stored)
    assert HoldRuleChange.objects.get().actor_name == "Nora Frei"
    assert "Nora Frei" in staff.get(page).content.decode()


@pytest.mark.parametrize(
    ("kind", "fields"),
    [
        (RuleKind.VELOCITY, {"orders": "0", "hours": "0.5"}),
        (RuleKind.AMOUNT, {"amount_chf": "-1"}),
        (RuleKind.AMOUNT, {"amount_chf": "1e99"}),
        (RuleKind.COUNTRY, {"sources": ["card"]}),
        (RuleKind.EMAIL, {"lines": "\x00"}),
    ],
)
def test_a_rule_refuses_what_it_cannot_mean(staff, kind, fields):
    """PRD-5."""
    page = reverse("billing:staff_hold_rule", args=[kind])
    assert staff.post(page, {"is_on": "on", **fields}).status_code == 422
    assert not get_rule(kind=kind).is_on


def test_staff_read_why_and_the_customer_does_not(staff, organization, owner):
    """PRD-5: the rule explains itself with its figures, to staff alone."""
    switch_on(RuleKind.AMOUNT, amounts={"CHF": 100})
    hold = make_hold(organization, owner.pk)
    drain_outbox(at=now())
    assert "Order" in staff.get(reverse("billing:staff_holds") + "?status=held").content.decode()
    text = staff.get(reverse("billing:staff_hold", args=[hold.pk])).content.decode()
    assert "CHF 1.00 on are looked at" in text.replace("\xa0", " ")
    invoice = reread_order(hold.order, organization).invoice
    assert invoice.net.format() in text
    assert invoice.total.format() in text
    page = client_of(owner)
    order = reverse("billing:order", args=[organization.pk, hold.order_id])
    shown = page.get(order).content.decode()
    assert "We need to know who ordered" in shown
    assert "looked at" not in shown
    assert (
        f"Order {hold.order_id} is held"
        in page.get(reverse("shell:home", args=[organization.pk])).content.decode()
    )
    told = page.get(f"/api/v1/organizations/{organization.pk}/orders/{hold.order_id}")
    if told.status_code == 200:
        assert told.json()["data"]["hold"]["reason"] == "identity_check"
    again = reverse("billing:send_order_check", args=[organization.pk, hold.order_id])
    assert "a few minutes ago" in page.post(again, follow=True).content.decode()


@pytest.mark.parametrize(
    ("verb", "status", "order_status"),
    [
        ("release", HoldStatus.RELEASED, OrderStatus.PAID),
        ("refuse", HoldStatus.REFUSED, OrderStatus.CANCELLED),
    ],
)
def test_staff_decide_with_a_reason(staff, organization, verb, status, order_status):
    """PRD-5: without one the form is shown again."""
    hold = make_hold(organization)
    page = reverse(f"billing:staff_hold_{verb}", args=[hold.pk])
    assert staff.get(page).status_code == 200
    assert staff.post(page, {"reason": ""}).status_code == 422
    assert staff.post(page, {"reason": "Known by phone"}).status_code == 302
    assert staff.post(page, {"reason": "Again"}).status_code == 409
    assert hold_of(hold.order).status == status
    assert reread_order(hold.order, organization).status == order_status
    assert "Known by phone" in staff.get(reverse("billing:staff_hold", args=[hold.pk])).content.decode()


def test_all_orders_are_listed_and_exported(staff, organization):
    """PRD-4: with search, filter and a table for spreadsheets."""
    order, other = place(organization), place(make_tenant(name="Kestrel"))
    url = reverse("billing:staff_orders")
    text = staff.get(url, {"q": "kestrel"}).content.decode()
    assert (f"Order {other.pk}" in text, f"Order {order.pk}" in text) == (True, False)
    assert "No order matches" in staff.get(url, {"status": "held"}).content.decode()
    table = staff.get(reverse("billing:staff_orders_csv"), {"q": str(order.pk)}).content.decode()
    assert (str(order.pk) in table, "Kestrel" in table) == (True, False)


def test_what_is_paid_and_refused_is_listed_and_tried_again(staff, organization):
    """PRD-7: the payment stands; the line is retried by itself and by staff."""
    order = place(organization)
    product_id = order.lines.all()[0].product_id
    with tenant_scope(organization.pk):
        Product.objects.filter(pk=product_id).update(status=ProductStatus.TERMINATED)
    pay_invoice(order.payable, at=now())
    url = reverse("billing:staff_unfulfilled")
    text = staff.get(url, {"why": "refused"}).content.decode()
    assert organization.name in text
    line = text.split('name="selected" value="')[1].split('"')[0] if 'name="selected" value="' in text else ""
    assert "Nothing matches" in staff.get(url, {"why": "held"}).content.decode()
    retry = reverse("billing:staff_unfulfilled_retry")
    if line:
        assert "refused still" in staff.post(retry, {"selected": [line]}, follow=True).content.decode()
    assert drain_unfulfilled(at=now()) == 0
    assert "Nothing was selected" in staff.post(retry, follow=True).content.decode()


def test_a_held_line_is_not_retried_past_its_hold(staff, organization):
    """PRD-5: trying again gives nothing that waits for a check."""
    hold = make_hold(organization)
    text = staff.get(reverse("billing:staff_unfulfilled"), {"why": "held"}).content.decode()
    assert "Order held" in text
    from billing.invoices.models import InvoiceLine

    line = InvoiceLine.objects.using("system").get(invoice=hold.order.invoice_id)
    staff.post(reverse("billing:staff_unfulfilled_retry"), {"selected": [line.pk]})
    assert reread_order(hold.order, organization).lines.all()[0].product.status == ProductStatus.PENDING
