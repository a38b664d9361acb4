"""The verbs of an order's life against the table of transitions, and in the database (PRD-4, PRD-5)."""

import psycopg
import pytest

from billing.holds.services import refuse_hold, release_hold
from billing.holds.services.decide import HoldDecided
from billing.holds.status import Decision, HoldStatus
from billing.ledger.models import Entry
from billing.orders.models import Order
from billing.orders.services import cancel_order, mark_order_paid
from billing.orders.services.cancel import OrderAlreadyCancelled, OrderAlreadyPaid, OrderIsHeld
from billing.orders.services.expire import expire_order
from billing.orders.status import TRANSITIONS, OrderStatus
from manager.kit.scope import tenant_scope
from manager.outbox.models import OutboxEvent
from manager.outbox.relay import drain_outbox
from organizations.audit.models import AuditEvent
from products.inventory.models import Product
from tests.factories.billing import ACTOR, pay_invoice
from tests.factories.cast import make_tenant
from tests.factories.holds import STAFF, hold_of, make_hold
from tests.factories.orders import make_order, reread_order
from tests.factories.payments import now

REFUSED = {
    OrderStatus.PAID: OrderAlreadyPaid,
    OrderStatus.HELD: OrderIsHeld,
    OrderStatus.CANCELLED: OrderAlreadyCancelled,
}


def order_in(status):
    """Return an organization's first order that its verbs brought into `status`, as pages read it."""
    organization = make_tenant()
    if status == OrderStatus.HELD:
        return reread_order(make_hold(organization).order, organization)
    order = make_order(organization)
    if status == OrderStatus.PAID:
        pay_invoice(order.payable, at=now())
        drain_outbox(at=now())
    if status == OrderStatus.CANCELLED:
        with tenant_scope(organization.pk):
            cancel_order(order=order, actor=ACTOR, at=now())
    order = reread_order(order, organization)
    assert order.status == status
    return order


def status_of(order):
    return Order.objects.using("system").get(pk=order.pk).status


def traces():
    """Return what was written down so far: events, the log, the ledger, the states of products."""
    counted = [rows.objects.count() for rows in (OutboxEvent, AuditEvent, Entry)]
    return *counted, sorted(Product.objects.values_list("pk", "status"))


class TestEachStateAndVerb:
    def test_cancelled_only_while_pending(self):
        """PRD-4: by its people, and by the end of its term."""
        for verb in (cancel_order, expire_order):
            for status in OrderStatus.values:
                order = order_in(status)
                with tenant_scope(order.organization_id):
                    before = traces()
                    if status == OrderStatus.PENDING:
                        ended = verb(order=order, actor=ACTOR, at=now())
                        assert ended.status == OrderStatus.CANCELLED
                        continue
                    with pytest.raises(REFUSED[status]):
                        verb(order=order, actor=ACTOR, at=now())
                    assert traces() == before
                assert status_of(order) == status

    def test_paid_only_while_pending(self):
        """PRD-7: a held one stays held, a cancelled one cancelled, whatever is heard of its invoice."""
        for status in OrderStatus.values:
            order = order_in(status)
            with tenant_scope(order.organization_id):
                before = traces()
                marked = mark_order_paid(invoice=order.payable, at=now())
                assert traces() == before
            assert marked == (status == OrderStatus.PENDING)
            expected = OrderStatus.PAID if status == OrderStatus.PENDING else status
            assert status_of(order) == expected

    @pytest.mark.parametrize(
        ("verb", "leads_to"),
        [(release_hold, OrderStatus.PAID), (refuse_hold, OrderStatus.CANCELLED)],
        ids=["release", "refuse"],
    )
    def test_decided_only_while_held(self, verb, leads_to):
        """PRD-5: an order without a hold has nothing to decide; a decision is made once."""
        hold = hold_of(order_in(OrderStatus.HELD))

        def decide(by):
            return by(hold=hold, decision=Decision.STAFF, reason="Looked at", actor=STAFF, at=now())

        with tenant_scope(hold.organization_id):
            assert decide(verb).status != HoldStatus.HELD
            assert Order.objects.get(pk=hold.order_id).status == leads_to
            before = traces()
            for again in (release_hold, refuse_hold):
                with pytest.raises(HoldDecided):
                    decide(again)
            assert traces() == before


def test_the_verbs_take_all_steps_of_the_table():
    """PRD-4, PRD-5: pending is paid, held or cancelled, held is released or refused, and that is all."""
    assert {old: set(news) for old, news in TRANSITIONS.items()} == {
        "pending": {"paid", "held", "cancelled"},
        "held": {"paid", "cancelled"},
        "paid": set(),
        "cancelled": set(),
    }


@pytest.mark.parametrize("role", ["web", "worker"])
def test_the_database_refuses_what_the_table_does_not_allow(as_role, role):
    """PRD-4, PRD-5: each state x state as plain SQL of each role, in the tenant's scope."""
    connection = as_role(role)
    statement = "update billing_order set status = %s where id = %s"
    for status in OrderStatus.values:
        order = order_in(status)
        connection.execute("select set_config('app.organization', %s, false)", [str(order.organization_id)])
        for to in sorted(set(OrderStatus.values) - {status} - TRANSITIONS[status]):
            with pytest.raises(psycopg.errors.RaiseException, match="Invalid transition"):
                connection.execute(statement, [to, order.pk])
        for to in sorted(TRANSITIONS[status]):
            connection.execute("begin")
            assert connection.execute(statement, [to, order.pk]).rowcount == 1
            connection.execute("rollback")
