"""Cancel an order that is not paid (PRD-4)."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from billing.invoices.models import Invoice
from billing.invoices.services import cancel_invoice, void_invoice
from billing.invoices.status import InvoiceStatus
from billing.orders.models import Order, OrderLine
from billing.orders.status import TRANSITIONS, OrderStatus
from billing.orders.trials import give_trials_back
from billing.payments.errors import PaymentInProgress
from billing.payments.selectors import get_open_attempt
from billing.payments.services import cancel_attempt
from billing.payments.status import AttemptStatus
from billing.promotions.services import give_back_uses
from billing.to_pay.services import ORIGIN as SELECTION
from billing.to_pay.services import release_selection
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


class OrderAlreadyCancelled(DomainError):
    """Somebody cancelled it before."""

    code = "order_already_cancelled"
    message = _("This order is cancelled already.")


class OrderIsHeld(DomainError):
    """It is paid, and its check is not over."""

    code = "order_held"
    message = _("This order is paid and being checked. Without your answer it is cancelled by itself.")


def cancel_order(*, order: Order, actor: Actor, at: datetime) -> Order:
    """Cancel a pending order with its pro forma and its products. Publishes `order.cancelled`.

    A payment under way is closed at the provider first, so that nothing is taken for it any more; money
    that arrives all the same goes to the prepaid account (PRD-6). A selection that its pro forma went into
    is taken apart, so that the rest of it can still be paid. Runs outside of a transaction.

    :raises OrderAlreadyPaid: it is paid, perhaps this very moment.
    :raises OrderIsHeld: it is paid, and being checked.
    :raises OrderAlreadyCancelled: it is cancelled.
    :raises PaymentInProgress: the provider is being called for it at this moment.
    """
    require_pending(order)
    invoice = payable_of(order)
    if invoice.origin == SELECTION and invoice.status == InvoiceStatus.DRAFT:
        release_selection(invoice=invoice, actor=actor, at=at)
        invoice = payable_of(order)
    attempt = get_open_attempt(invoice=invoice)
    if attempt and cancel_attempt(attempt=attempt, actor=actor, at=at).status == AttemptStatus.SUCCEEDED:
        raise OrderAlreadyPaid
    return _record(order, invoice, actor, at)


def require_pending(order: Order) -> None:
    """Refuse an order that does not wait for its payment.

    :raises OrderAlreadyPaid: it is paid.
    :raises OrderIsHeld: it is paid, and being checked.
    :raises OrderAlreadyCancelled: it is cancelled.
    """
    if order.status == OrderStatus.PAID:
        raise OrderAlreadyPaid
    if order.status == OrderStatus.HELD:
        raise OrderIsHeld
    if order.status == OrderStatus.CANCELLED:
        raise OrderAlreadyCancelled


def payable_of(order: Order) -> Invoice:
    """Return the invoice by which the order is paid now, as it stands in the database."""
    own = Invoice.objects.select_related("replaced_by").get(
        organization_id=order.organization_id, pk=order.invoice_id
    )
    return own.replaced_by or own


@transaction.atomic
def _record(order: Order, invoice: Invoice, actor: Actor, at: datetime) -> Order:
    invoice = Invoice.objects.select_for_update().get(organization_id=order.organization_id, pk=invoice.pk)
    if invoice.status == InvoiceStatus.PAID:
        raise OrderAlreadyPaid
    # Begun since we looked: a payment, or a selection that the pro forma has gone into.
    if get_open_attempt(invoice=invoice) is not None or invoice.replaced_by_id is not None:
        raise PaymentInProgress
    if invoice.status == InvoiceStatus.DRAFT:
        cancel_invoice(invoice=invoice, actor=actor, at=at)
    elif invoice.status == InvoiceStatus.OPEN:
        reason = gettext("Order %(number)s was cancelled.") % {"number": order.pk}
        void_invoice(invoice=invoice, reason=reason, actor=actor, at=at)
    return withdraw_order(order=order, actor=actor, at=at)


@transaction.atomic
def withdraw_order(*, order: Order, actor: Actor, at: datetime) -> Order:
    """Mark an order as cancelled whose pro forma is cancelled, and end its products."""
    order = Order.objects.select_for_update(of=("self",)).get(
        organization_id=order.organization_id, pk=order.pk
    )
    require_pending(order)
    return end_order(order=order, actor=actor, at=at)


def end_order(*, order: Order, actor: Actor, at: datetime) -> Order:
    """Mark a locked order as cancelled, end its products and give its trials and codes back.

    The caller sees to the money. Publishes `order.cancelled`.
    """
    transition(order, OrderStatus.CANCELLED, TRANSITIONS)
    order.cancelled_at = at
    order.save(update_fields=["status", "cancelled_at"])
    give_trials_back(order=order)
    give_back_uses(organization_id=order.organization_id, invoice_id=order.invoice_id, at=at)
    lines = OrderLine.objects.filter(organization_id=order.organization_id, order=order)
    for line in lines.select_related("product"):
        if line.product.status == ProductStatus.PENDING:
            terminate_product(product=line.product, actor=actor, at=at)
    record_audit(
        organization_id=order.organization_id, name="order.cancelled", actor=actor, at=at, subject=order
    )
    publish("order.cancelled", organization_id=order.organization_id, payload={"order": order.pk}, at=at)
    return order
