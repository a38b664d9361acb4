"""Cancel an order that is not paid (PRD-4)."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from billing.invoices.models import Invoice
from billing.invoices.services import cancel_invoice
from billing.invoices.status import InvoiceStatus
from billing.orders.models import Order, OrderLine
from billing.orders.status import TRANSITIONS, OrderStatus
from billing.payments.selectors import get_open_attempt
from billing.payments.services import cancel_attempt
from billing.payments.status import AttemptStatus
from manager.kit.actor import Actor
from manager.kit.errors import DomainError
from manager.kit.status import transition
from manager.outbox.publish import publish
from organizations.audit.services import record_audit
from products.inventory.services import terminate_product
from products.inventory.status import ProductStatus


class OrderAlreadyPaid(DomainError):
    """The payment came before the cancellation."""

    code = "order_already_paid"
    message = _("This order is paid already, so it cannot be cancelled any more.")


class OrderInSelection(DomainError):
    """The order's pro forma was taken into a selection that is being paid."""

    code = "order_in_selection"
    message = _("This order is part of a selection to pay. Cancel that selection first.")


def cancel_order(*, order: Order, actor: Actor, at: datetime) -> Order:
    """Cancel a pending order with its pro forma and its products. Publishes `order.cancelled`.

    A payment under way is closed at the provider first, so that nothing is taken for it any more; money
    that arrives all the same goes to the prepaid account (PRD-6). Runs outside of a transaction.

    :raises OrderAlreadyPaid: it is paid, perhaps this very moment.
    :raises OrderInSelection: its pro forma was taken into a selection.
    :raises IllegalTransition: it is cancelled already.
    """
    invoice = order.invoice
    if invoice.replaced_by_id and invoice.status == InvoiceStatus.CANCELLED:
        invoice = Invoice.objects.get(organization_id=order.organization_id, pk=invoice.replaced_by_id)
        if invoice.origin == "selection":
            raise OrderInSelection(invoice=invoice.pk)
    attempt = get_open_attempt(invoice=invoice)
    if attempt and cancel_attempt(attempt=attempt, actor=actor, at=at).status == AttemptStatus.SUCCEEDED:
        raise OrderAlreadyPaid
    return _record(order, invoice, actor, at)


@transaction.atomic
def _record(order: Order, invoice: Invoice, actor: Actor, at: datetime) -> Order:
    invoice = Invoice.objects.select_for_update().get(organization_id=order.organization_id, pk=invoice.pk)
    if invoice.status == InvoiceStatus.PAID:
        raise OrderAlreadyPaid
    if invoice.status == InvoiceStatus.DRAFT:
        cancel_invoice(invoice=invoice, actor=actor, at=at)
    return withdraw_order(order=order, actor=actor, at=at)


@transaction.atomic
def withdraw_order(*, order: Order, actor: Actor, at: datetime) -> Order:
    """Mark an order as cancelled whose pro forma is cancelled, and end its products."""
    order = Order.objects.select_for_update(of=("self",)).get(organization_id=order.organization_id, pk=order.pk)
    transition(order, OrderStatus.CANCELLED, TRANSITIONS)
    order.cancelled_at = at
    order.save(update_fields=["status", "cancelled_at"])
    lines = OrderLine.objects.filter(organization_id=order.organization_id, order=order)
    for line in lines.select_related("product"):
        if line.product.status == ProductStatus.PENDING:
            terminate_product(product=line.product, actor=actor, at=at)
    record_audit(organization_id=order.organization_id, name="order.cancelled", actor=actor, at=at, subject=order)
    publish(
        "order.cancelled", organization_id=order.organization_id, payload={"order": order.pk}, at=at
    )
    return order
