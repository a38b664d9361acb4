"""Paying an invoice (BIL-16, PRD-7)."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime

import pytest
from django.db import connections

from billing.invoices.models import Invoice, InvoiceLine
from billing.invoices.services import (
    AlreadyPaid,
    NotPayable,
    cancel_invoice,
    finalize_invoice,
    settle_invoice,
)
from billing.invoices.status import InvoiceStatus
from billing.ledger.models import AccountKind
from billing.ledger.selectors import get_balance
from manager.kit.scope import tenant_scope
from manager.outbox.models import OutboxEvent
from organizations.profile.models import Organization
from products.inventory.services import next_period, terminate_product
from products.inventory.status import ProductStatus
from tests.factories.billing import ACTOR, AT, make_invoice, make_legal_entity, make_line, pay_invoice
from tests.factories.cast import make_tenant
from tests.factories.products import make_product


@pytest.fixture
def organization() -> Iterator[Organization]:
    make_legal_entity()
    organization = make_tenant()
    with tenant_scope(organization.pk):
        yield organization


def balance(organization: Organization, kind: AccountKind) -> int:
    return get_balance(organization=organization, kind=kind, currency="CHF").amount


def test_numbers_a_draft_and_marks_it_as_paid(organization: Organization) -> None:
    """BIL-4: the number is given in the payment's transaction."""
    invoice = pay_invoice(make_invoice(organization))
    invoice.refresh_from_db()
    assert (invoice.status, invoice.number) == (InvoiceStatus.PAID, "CH-2026-000001")
    assert (invoice.paid_at, invoice.paid_with) == (AT, "Visa •••• 4242")


def test_clears_what_was_owed(organization: Organization) -> None:
    """BIL-15."""
    pay_invoice(make_invoice(organization, [make_line(10_000)]))
    assert balance(organization, AccountKind.RECEIVABLE) == 0
    assert balance(organization, AccountKind.PROVIDER) == -10_810
    assert balance(organization, AccountKind.REVENUE) == 10_000
    assert balance(organization, AccountKind.TAX) == 810


def test_pays_an_issued_invoice_under_its_number(organization: Organization) -> None:
    """BIL-5."""
    issued = finalize_invoice(invoice=make_invoice(organization), actor=ACTOR, at=AT)
    assert pay_invoice(issued).number == issued.number
    assert balance(organization, AccountKind.RECEIVABLE) == 0


def test_settles_a_free_invoice_without_entries(organization: Organization) -> None:
    """Nothing moves, yet it has its number."""
    assert pay_invoice(make_invoice(organization, [make_line(0)])).status == InvoiceStatus.PAID


def test_publishes_it_once(organization: Organization) -> None:
    """The mail, the order and the renewal follow."""
    invoice = pay_invoice(make_invoice(organization))
    event = OutboxEvent.objects.get(name="invoice.paid")
    assert event.payload == {
        "invoice": invoice.pk,
        "number": invoice.number,
        "origin": "order",
        "unfulfilled": [],
    }
    assert not OutboxEvent.objects.filter(name="invoice.issued").exists()


def test_refuses_to_be_paid_twice(organization: Organization) -> None:
    """BIL-16."""
    invoice = pay_invoice(make_invoice(organization))
    with pytest.raises(AlreadyPaid):
        pay_invoice(invoice)
    assert balance(organization, AccountKind.PROVIDER) == -10_810


def test_refuses_a_cancelled_one(organization: Organization) -> None:
    """PRD-6: the caller keeps the money as balance."""
    invoice = make_invoice(organization)
    cancel_invoice(invoice=invoice, actor=ACTOR, at=AT)
    with pytest.raises(NotPayable):
        pay_invoice(invoice)


def test_is_paid_once_by_100_at_the_same_time(organization: Organization) -> None:
    """BIL-16."""
    invoice = make_invoice(organization)

    def pay(number: int) -> bool:
        try:
            with tenant_scope(organization.pk):
                settle_invoice(
                    invoice=invoice,
                    source=AccountKind.PROVIDER,
                    reference=f"payment:{number}",
                    paid_with="Card",
                    actor=ACTOR,
                    at=AT,
                )
        except AlreadyPaid:
            return False
        else:
            return True
        finally:
            connections.close_all()

    with ThreadPoolExecutor(16) as pool:
        assert sum(pool.map(pay, range(100))) == 1
    assert balance(organization, AccountKind.PROVIDER) == -10_810


class TestFulfilment:
    def test_activates_what_was_ordered_from_the_payment_on(self, organization: Organization) -> None:
        """PRD-7."""
        product = make_product(organization, activated=False)
        paid = datetime(2026, 11, 25, 9, 0, tzinfo=UTC)
        pay_invoice(make_invoice(organization, [make_line(product=product, months=12)]), at=paid)
        product.refresh_from_db()
        line = InvoiceLine.objects.get()
        assert (product.status, product.expires_on) == (ProductStatus.ACTIVE, date(2027, 11, 25))
        assert (line.period.lower, line.period.upper) == (date(2026, 11, 25), date(2027, 11, 25))
        assert line.fulfilled_at == paid

    def test_extends_by_the_period_of_the_line(self, organization: Organization) -> None:
        """BIL-2: a renewal adds to the end, also ahead of time."""
        product = make_product(organization)
        period = next_period(product=product, months=24)
        pay_invoice(make_invoice(organization, [make_line(product=product, months=24, period=period)]))
        product.refresh_from_db()
        assert product.expires_on == period[1]

    def test_keeps_the_payment_when_a_product_refuses(self, organization: Organization) -> None:
        """Money is recorded first: the line stays unfulfilled and is told."""
        ended, living = make_product(organization), make_product(organization)
        lines = [
            make_line(product=product, months=12, period=next_period(product=product, months=12))
            for product in (ended, living)
        ]
        invoice = make_invoice(organization, lines)
        terminate_product(product=ended, actor=ACTOR, at=AT)
        assert pay_invoice(invoice).status == InvoiceStatus.PAID
        refused, given = InvoiceLine.objects.order_by("position")
        assert (refused.fulfilled_at, given.fulfilled_at) == (None, AT)
        assert OutboxEvent.objects.get(name="invoice.paid").payload["unfulfilled"] == [refused.pk]
        assert Invoice.objects.get().number
