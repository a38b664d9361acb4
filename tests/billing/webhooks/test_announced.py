"""What customers' endpoints are told of money (API-6)."""

import json

from billing.invoices.api import InvoiceOutput
from billing.orders.api import OrderOutput
from billing.payments.api import PaymentOutput
from billing.payments.services import pay_from_prepaid
from manager.kit.clock import now
from manager.kit.scope import tenant_scope
from manager.outbox.relay import drain_outbox
from organizations.webhooks.catalogue import EVENTS
from organizations.webhooks.models import WebhookMessage
from products.inventory.api import ProductOutput
from tests.factories.billing import ACTOR
from tests.factories.cast import make_tenant
from tests.factories.orders import make_order
from tests.factories.payments import fill_prepaid
from tests.factories.webhooks import make_endpoint


def test_an_order_that_is_paid_is_told_as_the_api_shows_it():
    """API-6: the fields of the API's own answers, and no other; once each."""
    organization = make_tenant()
    make_endpoint(organization, events=tuple(EVENTS))
    order = make_order(organization)
    fill_prepaid(organization, 100_000)
    with tenant_scope(organization.pk):
        pay_from_prepaid(invoice=order.invoice, actor=ACTOR, at=now())
    drain_outbox(at=now())
    told: dict[str, dict[str, object]] = {}
    for message in WebhookMessage.objects.using("system").order_by("id"):
        assert message.event not in told
        told[message.event] = json.loads(message.body)["data"]
    assert told["order.placed"]["id"] == order.pk
    assert told["invoice.paid"]["id"] == order.invoice_id
    assert told["payment.succeeded"]["invoice_id"] == order.invoice_id
    shapes = {
        "order": set(OrderOutput().fields),
        "invoice": set(InvoiceOutput().fields),
        "payment": set(PaymentOutput().fields) - {"action_url"},
        "product": set(ProductOutput().fields),
    }
    for name, data in told.items():
        assert set(data) == shapes[name.partition(".")[0]], name
