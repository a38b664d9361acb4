"""Codes and free credits are used by an order, within their limits, and given back (BIL-13)."""

from datetime import timedelta

import pytest

from billing.invoices.models import InvoiceLine
from billing.orders.models import CartLine
from billing.orders.services import cancel_order
from billing.orders.services.place import CartChanged, CartEmpty
from billing.promotions.models import CartCode, CodeUse, FreeCredit
from billing.promotions.services import withdraw_credit
from billing.promotions.services.credits import CreditUsed
from manager.kit.scope import tenant_scope
from tests.factories.billing import make_legal_entity, pay_invoice
from tests.factories.cast import make_tenant
from tests.factories.orders import confirm_cart, fill_cart, total_of
from tests.factories.payments import now
from tests.factories.products import make_plan
from tests.factories.promotions import STAFF, give_credit, make_code, put_in_cart, reread_code
from tests.factories.together import at_once

LIMIT, ORDERS = 10, 200


@pytest.fixture
def organization():
    make_legal_entity()
    return make_tenant()


def lines_of(order):
    with tenant_scope(order.organization_id):
        rows = InvoiceLine.objects.filter(invoice_id=order.invoice_id).order_by("position")
        return list(rows.values_list("unit_amount", "quantity", "discount_amount", "net_amount"))


def cancel(order):
    with tenant_scope(order.organization_id):
        cancel_order(order=order, actor=STAFF, at=now())


def choose(line, credit):
    with tenant_scope(line.organization_id):
        CartLine.objects.filter(pk=line.pk).update(free_credit=credit)


def test_stands_on_the_lines_with_their_vat_and_is_noted_once(organization):
    """BIL-13, BIL-6: 12.00 and 10 % of it is 108.00 net; VAT is of what is left."""
    code = make_code("WELCOME10")
    fill_cart(organization)
    put_in_cart(organization, code)
    assert total_of(organization) == 11_675  # 108.00 and 8.1 %
    order = confirm_cart(organization, key="a" * 32)
    assert confirm_cart(organization, key="a" * 32, total=0).pk == order.pk
    assert lines_of(order) == [(12_000, 1, 1_200, 10_800)]
    with tenant_scope(organization.pk):
        assert order.invoice.total_amount == 11_675
        [use] = CodeUse.objects.all()
        assert (use.code_id, use.invoice_id, use.amount) == (code.pk, order.invoice_id, 1_200)
        assert not CartCode.objects.exists()
    assert reread_code(code).used == 1


def test_a_limit_of_ten_is_used_ten_times_by_two_hundred_orders_at_once():
    """BIL-13, INC-25: over the real database, each order of another organization."""
    make_legal_entity()
    code, plan = make_code(amount=500, limit_total=LIMIT), make_plan()
    tenants = [make_tenant() for _ in range(ORDERS)]
    for tenant in tenants:
        fill_cart(tenant, plan)
        put_in_cart(tenant, code)
    lowered = total_of(tenants[0])
    waiting = iter(tenants)
    placed = at_once(ORDERS, lambda: confirm_cart(next(waiting), total=lowered), refusal=CartChanged)
    assert placed == LIMIT
    assert reread_code(code).used == LIMIT
    assert CodeUse.objects.using("system").filter(code=code).count() == LIMIT


def test_a_cancelled_order_gives_its_use_back(organization):
    """BIL-13: the next one may use it, and cancelling again gives nothing more."""
    code = make_code(limit_total=1, limit_per_organization=1, first_order_only=True)
    fill_cart(organization)
    put_in_cart(organization, code)
    order = confirm_cart(organization)
    other = make_tenant()
    fill_cart(other)
    put_in_cart(other, code)
    assert total_of(other) == 12_972
    cancel(order)
    assert reread_code(code).used == 0
    assert total_of(other) == 11_675
    fill_cart(organization)
    put_in_cart(organization, code)
    again = confirm_cart(organization, total=11_675)
    assert reread_code(code).used == 1
    with tenant_scope(organization.pk):
        backs = dict(CodeUse.objects.values_list("invoice_id", "given_back_at"))
    assert backs[order.invoice_id] is not None
    assert backs[again.invoice_id] is None


def test_a_free_credit_is_used_once_and_comes_back(organization):
    """BIL-13: a month of twelve of one unit, on its line; not of another plan; once at the same moment."""
    plan = make_plan()
    credit = give_credit(organization, plan)
    line = fill_cart(organization, plan, quantity=2)
    choose(line, credit)
    assert total_of(organization) == round((24_000 - 1_000) * 1.081)
    order = confirm_cart(organization)
    assert lines_of(order) == [(12_000, 2, 1_000, 23_000)]
    choose(fill_cart(organization, plan), credit)
    assert total_of(organization) == 12_972
    with tenant_scope(organization.pk), pytest.raises(CreditUsed):
        withdraw_credit(organization_id=organization.pk, credit_id=credit.pk, actor=STAFF, at=now())
    cancel(order)
    assert total_of(organization) == 11_891
    fresh = iter(range(8))
    placed = at_once(
        8,
        lambda: confirm_cart(organization, key=f"{next(fresh):032x}", total=11_891),
        refusal=CartEmpty,
    )
    assert placed == 1
    with tenant_scope(organization.pk):
        assert FreeCredit.objects.get(pk=credit.pk).used_amount == 1_000


def test_a_free_credit_of_another_plan_or_day_takes_nothing_off(organization):
    """BIL-13."""
    plan = make_plan()
    today = now().date()
    for credit in (
        give_credit(organization, make_plan(), amount=500),
        give_credit(organization, plan, valid_until=today - timedelta(days=3)),
        give_credit(organization, plan, valid_from=today + timedelta(days=3)),
    ):
        line = fill_cart(organization, plan)
        choose(line, credit)
    assert total_of(organization) == round(36_000 * 1.081)


def test_an_order_that_costs_nothing_is_settled_with_it(organization):
    """BIL-13: a code above the price takes no more than the price, and nothing is to be paid."""
    code = make_code(amount=50_000)
    fill_cart(organization)
    put_in_cart(organization, code)
    order = confirm_cart(organization, total=0)
    with tenant_scope(organization.pk):
        order.invoice.refresh_from_db()
        assert order.invoice.status == "paid"
        assert CodeUse.objects.get().amount == 12_000


def test_a_paid_order_keeps_its_use(organization):
    """BIL-13."""
    code = make_code()
    fill_cart(organization)
    put_in_cart(organization, code)
    order = confirm_cart(organization)
    pay_invoice(order.invoice)
    assert reread_code(code).used == 1
