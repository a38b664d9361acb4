"""An order learns by the event that it is paid; its person is told that it was placed (PRD-7)."""

import pytest

from billing.orders.status import OrderStatus
from billing.to_pay.services import compose_selection
from manager.kit.scope import tenant_scope
from manager.outbox.models import OutgoingMail
from manager.outbox.relay import drain_outbox
from products.inventory.status import ProductStatus
from tests.factories.billing import ACTOR, make_legal_entity, pay_invoice
from tests.factories.cast import make_person, make_tenant
from tests.factories.orders import confirm_cart, fill_cart, make_order, reread_order
from tests.factories.payments import now


@pytest.fixture
def owner():
    return make_person("Anna Keller", language="de")


@pytest.fixture
def organization(owner):
    make_legal_entity()
    return make_tenant(owner)


def test_becomes_paid_with_its_invoice(organization):
    """PRD-7: the products are active from the payment on, the order as soon as it hears of it."""
    order = make_order(organization)
    pay_invoice(order.invoice, at=now())
    after = reread_order(order, organization)
    assert after.lines.all()[0].product.status == ProductStatus.ACTIVE
    drain_outbox(at=now())
    after = reread_order(order, organization)
    assert after.status == OrderStatus.PAID
    assert after.paid_at is not None


def test_stays_paid_when_the_event_comes_twice(organization):
    """Outbox: handlers are idempotent."""
    from billing.orders.services import mark_order_paid

    order = make_order(organization)
    pay_invoice(order.invoice, at=now())
    with tenant_scope(organization.pk):
        assert mark_order_paid(invoice=order.invoice, at=now()) == 1
        first = reread_order(order, organization).paid_at
        assert mark_order_paid(invoice=order.invoice, at=now()) == 0
    assert reread_order(order, organization).paid_at == first


def test_becomes_paid_with_the_selection_that_took_it(organization):
    """BIL-2: two orders paid at once."""
    orders = [make_order(organization), make_order(organization)]
    with tenant_scope(organization.pk):
        selection = compose_selection(
            organization=organization,
            choices=[],
            invoice_ids=[order.invoice_id for order in orders],
            actor=ACTOR,
            at=now(),
        )
    pay_invoice(selection, at=now())
    drain_outbox(at=now())
    assert {reread_order(order, organization).status for order in orders} == {OrderStatus.PAID}


def test_leaves_other_orders_pending(organization):
    """PRD-4."""
    paid, waiting = make_order(organization), make_order(organization)
    pay_invoice(paid.invoice, at=now())
    drain_outbox(at=now())
    assert reread_order(waiting, organization).status == OrderStatus.PENDING


def test_writes_to_the_person_who_ordered(organization, owner):
    """PRD-4: once, in the person's language, with the way to pay."""
    fill_cart(organization, name="<b>Shop</b>")
    order = confirm_cart(organization, user_id=owner.pk)
    for _ in range(2):
        drain_outbox(at=now())
    (mail,) = OutgoingMail.objects.using("system").filter(recipient=owner.email, template="order_placed")
    assert f"/o/{organization.pk}/billing/invoices/{order.invoice_id}/pay/" in mail.text
    assert "<b>Shop</b>" in mail.text
    assert "<b>Shop</b>" not in mail.html
    assert "&lt;b&gt;Shop" in mail.html
