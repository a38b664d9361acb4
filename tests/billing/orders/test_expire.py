"""Unpaid orders end after their term; a payment that races the end is taken or kept (PRD-4, PRD-6)."""

from datetime import timedelta

import pytest

from billing.ledger.models import AccountKind
from billing.orders.models import Order
from billing.orders.periodic import drain_expired_orders
from billing.orders.status import OrderStatus
from billing.payments.models import PaymentAttempt
from billing.payments.services import announce_transfer, refresh_attempt
from billing.payments.status import AttemptStatus
from billing.transfer.services import set_seller_account
from manager.kit.scope import tenant_scope
from manager.outbox.models import OutgoingMail
from manager.outbox.relay import drain_outbox
from products.inventory.status import ProductStatus
from tests.factories.orders import confirm_cart, fill_cart, reread_order
from tests.factories.payments import ACTOR, entries_of, now, open_checkout, provider
from tests.factories.products import reread

TERM = timedelta(days=30)


@pytest.fixture
def order(organization, owner):
    fill_cart(organization)
    return reread_order(confirm_cart(organization, user_id=owner.pk), organization)


def test_is_told_before_and_cancelled_at_its_end(order, organization, owner):
    """PRD-4: one mail five days before, one at the end; nothing was ever set up."""
    assert order.expires_at == order.created_at + TERM
    assert drain_expired_orders(at=order.expires_at - timedelta(days=6)) == 0
    soon = order.expires_at - timedelta(days=5)
    assert (drain_expired_orders(at=soon), drain_expired_orders(at=soon)) == (1, 0)
    late = order.expires_at
    assert (drain_expired_orders(at=late), drain_expired_orders(at=late)) == (1, 0)
    drain_outbox(at=late)
    after = reread_order(order, organization)
    assert after.status == OrderStatus.CANCELLED
    assert after.lines.all()[0].product.status == ProductStatus.TERMINATED
    mails = OutgoingMail.objects.using("system").filter(recipient=owner.email).order_by("pk")
    told = [mail.template for mail in mails]
    assert told[-2:] == ["order_expires_soon", "order_expired"]


def test_takes_a_payment_that_was_made_in_time(psp, order, organization):
    """PRD-6: the provider is asked before anything is cancelled."""
    attempt = open_checkout(order.invoice)
    provider().pay_checkout(attempt.redirect_url)
    assert drain_expired_orders(at=order.expires_at) == 0
    drain_outbox(at=now())
    after = reread_order(order, organization)
    assert (after.status, after.lines.all()[0].product.status) == (OrderStatus.PAID, ProductStatus.ACTIVE)
    assert entries_of(organization, AccountKind.PREPAID) == []


def test_money_that_arrives_after_the_end_is_kept(psp, order, organization):
    """PRD-6: on the prepaid account, once; the product is not begun."""
    attempt = open_checkout(order.invoice)
    provider().pay_checkout(attempt.redirect_url)
    # As if the provider had not known of it yet: the attempt is closed here only.
    with tenant_scope(organization.pk):
        PaymentAttempt.objects.filter(pk=attempt.pk).update(status=AttemptStatus.CANCELLED)
    assert drain_expired_orders(at=order.expires_at) == 1
    for _ in range(2):
        with tenant_scope(organization.pk):
            refresh_attempt(attempt=reread(attempt, organization), actor=ACTOR, at=now())
    assert entries_of(organization, AccountKind.PREPAID) == [order.invoice.total_amount]
    after = reread_order(order, organization)
    assert (after.status, after.lines.all()[0].product.status) == (
        OrderStatus.CANCELLED,
        ProductStatus.TERMINATED,
    )


def test_an_order_without_a_term_stays(order, organization):
    """PRD-4: orders of before have none."""
    with tenant_scope(organization.pk):
        Order.objects.filter(pk=order.pk).update(expires_at=None)
    assert drain_expired_orders(at=now() + 10 * TERM) == 0


def test_a_transfer_that_is_announced_at_the_last_moment_is_waited_for(order, organization):
    """PRD-4, BIL-3: also before the relay has put the term off."""
    set_seller_account(
        legal_entity=order.invoice.legal_entity,
        currency="CHF",
        iban="CH9300762011623852957",
        bank_name="Bank",
    )
    late = order.expires_at
    with tenant_scope(organization.pk):
        announce_transfer(invoice=order.invoice, actor=ACTOR, at=late - timedelta(seconds=5))
    assert drain_expired_orders(at=late) == 0
    waiting = reread_order(order, organization)
    assert (waiting.status, waiting.expires_at) == (OrderStatus.PENDING, late - timedelta(seconds=5) + TERM)
    assert drain_expired_orders(at=late + TERM) == 1
    assert reread_order(order, organization).status == OrderStatus.CANCELLED
