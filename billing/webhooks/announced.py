"""What messages to customers' endpoints tell of money: what the REST API shows of it (API-6)."""

from typing import Any

from billing.invoices.api import InvoiceOutput
from billing.invoices.selectors import get_invoice
from billing.orders.api import OrderOutput
from billing.orders.selectors import get_order
from billing.payments.api import PaymentOutput
from billing.payments.selectors import get_attempt
from manager.kit.errors import NotFound
from manager.outbox.models import OutboxEvent
from organizations.profile.models import Organization
from organizations.webhooks.catalogue import register_writer


def write_invoice(event: OutboxEvent) -> dict[str, Any] | None:
    """Return the invoice as it is now."""
    organization = Organization.objects.get(pk=event.organization_id)
    try:
        invoice = get_invoice(organization=organization, invoice_id=event.payload["invoice"])
    except NotFound:
        return None
    return dict(InvoiceOutput(invoice).data)


def write_order(event: OutboxEvent) -> dict[str, Any] | None:
    """Return the order as it is now, with its lines."""
    organization = Organization.objects.get(pk=event.organization_id)
    try:
        order = get_order(organization=organization, order_id=event.payload["order"])
    except NotFound:
        return None
    return dict(OrderOutput(order).data)


def write_payment(event: OutboxEvent) -> dict[str, Any] | None:
    """Return the payment as it is now, without the address at which its payer approves it."""
    organization = Organization.objects.get(pk=event.organization_id)
    try:
        attempt = get_attempt(organization=organization, attempt_id=event.payload["attempt"])
    except NotFound:
        return None
    told = dict(PaymentOutput(attempt).data)
    told.pop("action_url")
    return told


register_writer("invoice", write_invoice)
register_writer("order", write_order)
register_writer("payment", write_payment)
