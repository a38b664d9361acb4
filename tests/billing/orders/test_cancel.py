"""A pending order is cancelled with everything that it began; a paid one is not (PRD-4, PRD-6)."""

import pytest

from billing.invoices.late import late_money_of
from billing.invoices.models import Invoice
from billing.invoices.services import cancel_invoice, finalize_invoice, void_invoice
from billing.invoices.status import InvoiceStatus
from billing.ledger.models import AccountKind
from billing.orders.services import cancel_order
from billing.orders.services.cancel import OrderAlreadyCancelled, OrderAlreadyPaid
from billing.orders.status import OrderStatus
from billing.payments.models import PaymentAttempt
from billing.payments.services import refresh_attempt
from billing.payments.status import AttemptStatus
from billing.to_pay.services import compose_selection
from manager.kit.scope import tenant_scope
from manager.outbox.models import OutboxEvent, OutgoingMail
from manager.outbox.relay import drain_outbox
from products.inventory.periodic import drain_notices
from products.inventory.status import ProductStatus
from tests.factories.billing import ACTOR, make_legal_entity, pay_invoice
from tests.factories.cast import make_tenant
from tests.factories.orders import make_order, reread_order
from tests.factories.payments import entries_of, now, open_checkout, provider
from tests.factories.products import reread


@pytest.fixture
def organization():
    make_legal_entity()
    return make_tenant()


def cancel(order, organization):
    with tenant_scope(organization.pk):
        return cancel_order(order=order, actor=ACTOR, at=now())


def product_of(order):
    return order.lines.all()[0].product


def test_ends_draft_and_products(organization):
    """PRD-4."""
    order = make_order(organization)
    cancel(order, organization)
    after = reread_order(order, organization)
    assert after.status == OrderStatus.CANCELLED
    assert after.cancelled_at is not None
    assert after.invoice.status == InvoiceStatus.CANCELLED
    assert product_of(after).status == ProductStatus.TERMINATED
    assert OutboxEvent.objects.using("system").filter(name="order.cancelled").count() == 1


def test_refuses_a_paid_order(organization):
    """PRD-4: what is paid is not cancelled, its products are left alone."""
    order = make_order(organization)
    pay_invoice(order.invoice, at=now())
    with pytest.raises(OrderAlreadyPaid):
        cancel(order, organization)
    assert product_of(reread_order(order, organization)).status == ProductStatus.ACTIVE


def test_refuses_a_cancelled_order(organization):
    """PRD-4: and says so."""
    order = make_order(organization)
    cancel(order, organization)
    with pytest.raises(OrderAlreadyCancelled):
        cancel(order, organization)
    with pytest.raises(OrderAlreadyCancelled):
        cancel(reread_order(order, organization), organization)


def test_closes_the_open_payment_page(psp, organization):
    """PRD-4: nothing can be paid there any more."""
    order = make_order(organization)
    attempt = open_checkout(order.invoice)
    cancel(order, organization)
    assert reread(attempt, organization).status == AttemptStatus.CANCELLED
    assert psp.journal() == []


def test_refuses_when_the_open_page_was_paid_a_moment_ago(psp, organization):
    """PRD-4: the provider is asked before anything is cancelled."""
    order = make_order(organization)
    attempt = open_checkout(order.invoice)
    provider().pay_checkout(attempt.redirect_url)
    with pytest.raises(OrderAlreadyPaid):
        cancel(order, organization)
    after = reread_order(order, organization)
    assert after.invoice.status == InvoiceStatus.PAID
    assert product_of(after).status == ProductStatus.ACTIVE


def test_keeps_money_that_arrives_all_the_same(psp, organization):
    """PRD-6: it is on the prepaid account, once."""
    order = make_order(organization)
    attempt = open_checkout(order.invoice)
    provider().pay_checkout(attempt.redirect_url)
    # As if the provider had not known of it yet: the attempt is closed here only.
    with tenant_scope(organization.pk):
        PaymentAttempt.objects.filter(pk=attempt.pk).update(status=AttemptStatus.CANCELLED)
    cancel(order, organization)
    for _ in range(2):
        with tenant_scope(organization.pk):
            refresh_attempt(attempt=reread(attempt, organization), actor=ACTOR, at=now())
    assert entries_of(organization, AccountKind.PREPAID) == [order.invoice.total_amount]
    after = reread_order(order, organization)
    assert after.status == OrderStatus.CANCELLED
    with tenant_scope(organization.pk):
        assert late_money_of(invoice=after.payable) == order.invoice.total


def test_takes_a_selection_apart_and_leaves_the_rest_to_be_paid(psp, organization):
    """BIL-2: the other order of the selection can still be paid."""
    first, second = make_order(organization), make_order(organization)
    with tenant_scope(organization.pk):
        selection = compose_selection(
            organization=organization,
            choices=[],
            invoice_ids=[first.invoice_id, second.invoice_id],
            actor=ACTOR,
            at=now(),
        )
    drain_outbox(at=now())
    cancel(reread_order(first, organization), organization)
    drain_outbox(at=now())
    first, second = reread_order(first, organization), reread_order(second, organization)
    assert (first.status, second.status) == (OrderStatus.CANCELLED, OrderStatus.PENDING)
    assert reread(selection, organization).status == InvoiceStatus.CANCELLED
    assert first.payable.status == InvoiceStatus.CANCELLED
    assert second.payable.status == InvoiceStatus.DRAFT
    assert product_of(second).status == ProductStatus.PENDING


def test_voids_an_invoice_that_was_issued(organization):
    """BIL-5: a number is taken back by a credit note."""
    order = make_order(organization)
    with tenant_scope(organization.pk):
        finalize_invoice(invoice=order.invoice, actor=ACTOR, at=now())
    cancel(order, organization)
    assert reread_order(order, organization).invoice.status == InvoiceStatus.VOID


class TestFromTheInvoice:
    """The pro forma can be cancelled on its own page; its order follows by the event."""

    def test_follows_a_cancelled_pro_forma(self, organization):
        """PRD-4."""
        order = make_order(organization)
        with tenant_scope(organization.pk):
            cancel_invoice(invoice=order.invoice, actor=ACTOR, at=now())
        drain_outbox(at=now())
        after = reread_order(order, organization)
        assert after.status == OrderStatus.CANCELLED
        assert product_of(after).status == ProductStatus.TERMINATED

    def test_follows_a_void_invoice(self, organization):
        """BIL-5."""
        order = make_order(organization)
        with tenant_scope(organization.pk):
            invoice = finalize_invoice(invoice=order.invoice, actor=ACTOR, at=now())
            void_invoice(invoice=invoice, reason="Not wanted", actor=ACTOR, at=now())
        drain_outbox(at=now())
        assert reread_order(order, organization).status == OrderStatus.CANCELLED

    def test_follows_a_draft_that_a_selection_gave_back(self, organization):
        """BIL-2: the order's present invoice is not its first one."""
        from billing.to_pay.services import release_selection

        first, second = make_order(organization), make_order(organization)
        with tenant_scope(organization.pk):
            selection = compose_selection(
                organization=organization,
                choices=[],
                invoice_ids=[first.invoice_id, second.invoice_id],
                actor=ACTOR,
                at=now(),
            )
            release_selection(invoice=selection, actor=ACTOR, at=now())
            given_back = Invoice.objects.get(replaces=first.invoice)
            cancel_invoice(invoice=given_back, actor=ACTOR, at=now())
        drain_outbox(at=now())
        assert reread_order(first, organization).status == OrderStatus.CANCELLED
        assert reread_order(second, organization).status == OrderStatus.PENDING


def test_nobody_is_told_that_what_never_began_has_ended(organization):
    """PRD-4, PRD-8: who cancelled knows it, and no data of it is deleted."""
    order = make_order(organization)
    cancel(order, organization)
    drain_outbox(at=now())
    assert drain_notices(at=now()) == 0
    assert not OutgoingMail.objects.using("system").filter(template="products_ended").exists()
