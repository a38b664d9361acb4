"""Drafting an invoice (BIL-4)."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import date

import pytest
from django.db import connections

from billing.invoices.models import Invoice, InvoiceLine
from billing.invoices.services import EmptyInvoice, PeriodAlreadyBilled, cancel_invoice, draft_invoice
from billing.invoices.status import InvoiceStatus
from billing.profiles.party import Party
from billing.profiles.selectors import default_address
from manager.kit.errors import NotFound
from manager.kit.scope import tenant_scope
from organizations.profile.models import Organization
from products.inventory.models import Product
from tests.factories.billing import ACTOR, AT, make_address, make_invoice, make_legal_entity, make_line
from tests.factories.cast import make_tenant
from tests.factories.products import make_product

YEAR = (date(2027, 1, 15), date(2028, 1, 15))


@pytest.fixture
def organization() -> Iterator[Organization]:
    make_legal_entity()
    organization = make_tenant()
    with tenant_scope(organization.pk):
        yield organization


def test_freezes_parties_prices_and_tax(organization: Organization) -> None:
    """BIL-4, BIL-6."""
    address = make_address(organization, name="Accounting", country="DE", vat_number="DE136695976")
    invoice = make_invoice(
        organization, [make_line(1999, quantity=3), make_line(500)], address=Party.of_address(address)
    )
    address.delete()
    invoice.refresh_from_db()
    assert (invoice.status, invoice.number) == (InvoiceStatus.DRAFT, None)
    assert invoice.buyer["name"] == "Accounting"
    assert invoice.seller["vat_number"] == "CHE116281710MWST"
    assert invoice.tax_code == "reverse_charge"
    assert (invoice.net_amount, invoice.tax_amount, invoice.total_amount) == (6497, 0, 6497)
    assert [line.net_amount for line in InvoiceLine.objects.order_by("position")] == [5997, 500]


def test_gives_one_invoice_of_one_cause(organization: Organization) -> None:
    """BIL-16."""
    first = make_invoice(organization, origin_key="order:7")
    assert make_invoice(organization, origin_key="order:7") == first


def test_gives_one_invoice_of_one_cause_at_the_same_time(organization: Organization) -> None:
    """BIL-16: 12 at once."""

    def draft(_number: int) -> int:
        try:
            return make_invoice(organization, origin_key="order:7").pk
        finally:
            connections.close_all()

    with ThreadPoolExecutor(12) as pool:
        found = set(pool.map(draft, range(12)))
    assert len(found) == 1
    assert Invoice.objects.count() == 1


def test_begins_anew_after_a_cancelled_one(organization: Organization) -> None:
    """PRD-4."""
    first = make_invoice(organization, origin_key="order:7")
    cancel_invoice(invoice=first, actor=ACTOR, at=AT)
    assert make_invoice(organization, origin_key="order:7") != first


def test_refuses_an_invoice_without_lines(organization: Organization) -> None:
    """BIL-2."""
    with pytest.raises(EmptyInvoice):
        draft_invoice(
            organization=organization,
            lines=[],
            address=default_address(organization=organization),
            origin="order",
            origin_key="x",
            due_on=AT.date(),
            actor=ACTOR,
            at=AT,
        )


class TestPeriods:
    @pytest.fixture
    def product(self, organization: Organization) -> Product:
        return make_product(organization)

    def test_bills_no_day_twice(self, organization: Organization, product: Product) -> None:
        """BIL-16, INC-26."""
        make_invoice(organization, [make_line(product=product, period=YEAR)])
        overlapping = (date(2028, 1, 14), date(2029, 1, 14))
        with pytest.raises(PeriodAlreadyBilled):
            make_invoice(organization, [make_line(product=product, period=overlapping)])
        assert Invoice.objects.count() == 1

    def test_bills_the_next_days(self, organization: Organization, product: Product) -> None:
        """Periods are half-open: the end of one is the begin of the next."""
        make_invoice(organization, [make_line(product=product, period=YEAR)])
        make_invoice(
            organization, [make_line(product=product, period=(date(2028, 1, 15), date(2029, 1, 15)))]
        )
        assert Invoice.objects.count() == 2

    def test_frees_the_days_of_a_cancelled_invoice(
        self, organization: Organization, product: Product
    ) -> None:
        """PRD-4."""
        first = make_invoice(organization, [make_line(product=product, period=YEAR)])
        cancel_invoice(invoice=first, actor=ACTOR, at=AT)
        make_invoice(organization, [make_line(product=product, period=YEAR)])

    def test_refuses_a_product_of_another_organization(self, organization: Organization) -> None:
        """ORG-17."""
        other = make_tenant()
        with tenant_scope(other.pk):
            foreign = make_product(other)
        with pytest.raises(NotFound):
            make_invoice(organization, [make_line(product=foreign)])
