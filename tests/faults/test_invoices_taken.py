"""An invoice that is cancelled, selected and paid at the same moment (BIL-16, PRD-4, PRD-6)."""

import pytest

from billing.invoices.models import Invoice
from billing.invoices.status import InvoiceStatus
from billing.orders.services import cancel_order
from billing.orders.status import OrderStatus
from billing.payments.errors import PaymentInProgress
from billing.payments.models import Way
from billing.payments.services.begin import Plan, begin_payment
from billing.renewals.services import take_back
from billing.to_pay.services import compose_selection
from manager.kit.scope import tenant_scope
from products.inventory.status import ProductStatus
from tests.factories.billing import ACTOR, make_legal_entity
from tests.factories.cast import make_tenant
from tests.factories.orders import make_order, reread_order
from tests.factories.payments import now
from tests.factories.products import reread
from tests.factories.renewals import days_before, make_card, make_renewing, plan, renewals_of
from tests.faults.waiting import holding

INVOICES = "billing_invoice"


@pytest.fixture
def organization():
    make_legal_entity()
    return make_tenant()


def scoped(tenant, verb, **details):
    def call():
        with tenant_scope(tenant.pk):
            return verb(actor=ACTOR, at=now(), **details)

    return call


def begin(organization, invoice):
    return scoped(organization, begin_payment, invoice=invoice, plan=Plan(way=Way.CHECKOUT, gateway="stripe"))


def test_an_order_taken_into_a_selection_is_not_cancelled_beside_it(organization, superuser_connection):
    """PRD-4: a selection that can be paid never holds products of a cancelled order."""
    order, other = make_order(organization), make_order(organization)
    ids = [order.invoice_id, other.invoice_id]
    select = scoped(organization, compose_selection, organization=organization, choices=[], invoice_ids=ids)
    with holding(superuser_connection, INVOICES, order.invoice_id) as queue:
        queue.add(select)
        queue.add(scoped(organization, cancel_order, order=order))
    assert queue.raised[0] is None
    after = reread_order(order, organization)
    own = reread(after.invoice, organization)
    with tenant_scope(organization.pk):
        payable = Invoice.objects.get(pk=own.replaced_by_id)
    if after.status == OrderStatus.CANCELLED:
        assert payable.status == InvoiceStatus.CANCELLED
    else:
        assert payable.status == InvoiceStatus.DRAFT
        assert after.lines.all()[0].product.status == ProductStatus.PENDING


def test_an_order_whose_payment_has_just_begun_is_not_cancelled(organization, superuser_connection):
    """PRD-6: the provider is being called; cancelling waits for what comes of it."""
    order = make_order(organization)
    with holding(superuser_connection, INVOICES, order.invoice_id) as queue:
        queue.add(begin(organization, order.invoice))
        queue.add(scoped(organization, cancel_order, order=order))
    assert queue.raised[0] is None
    assert isinstance(queue.raised[1], PaymentInProgress)
    assert reread_order(order, organization).status == OrderStatus.PENDING


def test_a_renewal_whose_charge_has_just_begun_is_not_taken_back(organization, superuser_connection):
    """BIL-10: else the money of the charge would be for nothing, and the next plan would charge again."""
    make_renewing(organization)
    make_card(organization)
    [invoice] = plan(organization, days_before(14))
    with holding(superuser_connection, INVOICES, invoice.pk) as queue:
        queue.add(begin(organization, invoice))
        queue.add(scoped(organization, take_back, invoice=invoice))
    assert queue.raised[0] is None
    assert isinstance(queue.raised[1], PaymentInProgress)
    assert reread(invoice, organization).status == InvoiceStatus.DRAFT
    assert [row.status for row in renewals_of(organization)] == ["planned"]
