"""What orders hear of their invoices; ids in, idempotent."""

from django.db.models import Q

from billing.invoices.models import Invoice
from billing.orders.emails import send_order_expired, send_order_expires_soon, send_order_placed
from billing.orders.models import Order
from billing.orders.services.cancel import withdraw_order
from billing.orders.services.expire import wait_for_transfer
from billing.orders.services.paid import mark_order_paid
from billing.orders.status import OrderStatus
from manager.kit.actor import Actor
from manager.outbox.models import OutboxEvent


def mark_paid(event: OutboxEvent) -> None:
    """On `invoice.paid`: the order is paid."""
    invoice = Invoice.objects.filter(
        organization_id=event.organization_id, pk=event.payload["invoice"]
    ).first()
    if invoice:
        mark_order_paid(invoice=invoice, at=event.created_at)


def withdraw_cancelled(event: OutboxEvent) -> None:
    """On `invoice.cancelled`: an order whose pro forma was cancelled by itself is cancelled, too.

    One that was taken into a selection, or given back by one, names its present invoice as `replaced_by`.
    """
    cancelled = event.payload["invoice"]
    alone = Q(invoice_id=cancelled, invoice__replaced_by=None) | Q(invoice__replaced_by_id=cancelled)
    pending = Order.objects.filter(alone, organization_id=event.organization_id, status=OrderStatus.PENDING)
    for order in pending:
        withdraw_order(order=order, actor=Actor.system("orders"), at=event.created_at)


def await_transfer(event: OutboxEvent) -> None:
    """On `transfer.announced`: the order waits for the money, beyond its term if need be."""
    invoice = Invoice.objects.get(organization_id=event.organization_id, pk=event.payload["invoice"])
    wait_for_transfer(invoice=invoice, at=event.created_at)


def email_order_placed(event: OutboxEvent) -> None:
    """On `order.placed`: tell the person who ordered, with the way to pay."""
    send_order_placed(event=event)


def email_expires_soon(event: OutboxEvent) -> None:
    """On `order.expires_soon`: tell the person who ordered."""
    send_order_expires_soon(event=event)


def email_expired(event: OutboxEvent) -> None:
    """On `order.expired`: tell the person who ordered."""
    send_order_expired(event=event)
