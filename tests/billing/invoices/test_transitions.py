"""What the table of an invoice's life does not allow, the database refuses (BIL-4)."""

from datetime import UTC, datetime

import psycopg
import pytest

from billing.invoices.services import cancel_invoice, finalize_invoice, void_invoice
from billing.invoices.status import TRANSITIONS, InvoiceStatus
from manager.kit.scope import tenant_scope
from tests.factories.billing import ACTOR, make_invoice, pay_invoice
from tests.factories.cast import make_tenant

AT = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)


def invoice_in(status: str, organization):
    """Return an invoice that its verbs brought into `status`."""
    invoice = make_invoice(organization)
    with tenant_scope(organization.pk):
        if status in {InvoiceStatus.OPEN, InvoiceStatus.VOID}:
            invoice = finalize_invoice(invoice=invoice, actor=ACTOR, at=AT)
        if status == InvoiceStatus.VOID:
            invoice = void_invoice(invoice=invoice, reason="A mistake", actor=ACTOR, at=AT)
        if status == InvoiceStatus.CANCELLED:
            invoice = cancel_invoice(invoice=invoice, actor=ACTOR, at=AT)
    return pay_invoice(invoice, at=AT) if status == InvoiceStatus.PAID else invoice


@pytest.mark.parametrize("status", InvoiceStatus.values)
def test_the_database_refuses_what_the_table_does_not_allow(as_role, status: str) -> None:
    """BIL-4, BIL-5: each state x state as plain SQL of the web role, in the tenant's scope."""
    organization = make_tenant()
    invoice = invoice_in(status, organization)
    assert invoice.status == status
    connection = as_role("web")
    connection.execute("select set_config('app.organization', %s, false)", [str(organization.pk)])
    for to in sorted(set(InvoiceStatus.values) - {status} - TRANSITIONS[status]):
        with pytest.raises(psycopg.errors.IntegrityError, match=r"does not go from|frozen"):
            connection.execute("update billing_invoice set status = %s where id = %s", [to, invoice.pk])
    found = connection.execute("select status from billing_invoice where id = %s", [invoice.pk]).fetchone()
    assert found == (status,)
