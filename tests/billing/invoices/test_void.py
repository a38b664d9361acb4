"""Taking an invoice back: cancel a draft, void an issued one by a credit note (BIL-5)."""

from collections.abc import Iterator

import psycopg
import pytest

from billing.invoices.models import CreditNote, InvoiceLine
from billing.invoices.services import ReasonMissing, cancel_invoice, finalize_invoice, void_invoice
from billing.invoices.status import InvoiceStatus
from billing.ledger.models import AccountKind
from billing.ledger.selectors import get_balance
from manager.kit.errors import IllegalTransition
from manager.kit.scope import tenant_scope
from manager.outbox.models import OutboxEvent
from organizations.profile.models import Organization
from tests.factories.billing import ACTOR, AT, make_invoice, make_legal_entity, pay_invoice
from tests.factories.cast import make_tenant


@pytest.fixture
def organization() -> Iterator[Organization]:
    make_legal_entity()
    organization = make_tenant()
    with tenant_scope(organization.pk):
        yield organization


def test_voids_an_issued_invoice_by_a_credit_note(organization: Organization) -> None:
    """BIL-5: the invoice stays as it was, the ledger is turned back."""
    issued = finalize_invoice(invoice=make_invoice(organization), actor=ACTOR, at=AT)
    voided = void_invoice(invoice=issued, reason="Ordered by mistake", actor=ACTOR, at=AT)
    note = CreditNote.objects.get()
    assert (voided.status, voided.number) == (InvoiceStatus.VOID, issued.number)
    assert (note.number, note.total_amount) == ("CN-CH-2026-000001", issued.total_amount)
    for kind in (AccountKind.RECEIVABLE, AccountKind.REVENUE, AccountKind.TAX):
        assert get_balance(organization=organization, kind=kind, currency="CHF").amount == 0
    assert not InvoiceLine.objects.filter(counts=True).exists()
    assert OutboxEvent.objects.get(name="invoice.voided").payload["credit_note"] == note.number


def test_refuses_to_void_without_a_reason(organization: Organization) -> None:
    """BIL-5."""
    issued = finalize_invoice(invoice=make_invoice(organization), actor=ACTOR, at=AT)
    with pytest.raises(ReasonMissing):
        void_invoice(invoice=issued, reason=" ", actor=ACTOR, at=AT)


def test_refuses_to_void_a_paid_invoice(organization: Organization) -> None:
    """A refund is another thing (BIL-14)."""
    paid = pay_invoice(make_invoice(organization))
    with pytest.raises(IllegalTransition):
        void_invoice(invoice=paid, reason="x", actor=ACTOR, at=AT)


def test_cancels_a_draft(organization: Organization) -> None:
    """PRD-4."""
    cancelled = cancel_invoice(invoice=make_invoice(organization), actor=ACTOR, at=AT)
    assert (cancelled.status, cancelled.number) == (InvoiceStatus.CANCELLED, None)
    assert OutboxEvent.objects.filter(name="invoice.cancelled").count() == 1


def test_refuses_to_cancel_an_issued_invoice(organization: Organization) -> None:
    """BIL-5."""
    issued = finalize_invoice(invoice=make_invoice(organization), actor=ACTOR, at=AT)
    with pytest.raises(IllegalTransition):
        cancel_invoice(invoice=issued, actor=ACTOR, at=AT)


def test_freezes_the_credit_note(organization: Organization, as_role: object) -> None:
    """BIL-5."""
    issued = finalize_invoice(invoice=make_invoice(organization), actor=ACTOR, at=AT)
    void_invoice(invoice=issued, reason="Mistake", actor=ACTOR, at=AT)
    sql: psycopg.Connection = as_role("web")  # type: ignore[operator]
    sql.execute("select set_config('app.organization', %s, false)", [str(organization.pk)])
    with pytest.raises(psycopg.errors.IntegrityConstraintViolation):
        sql.execute("update billing_creditnote set total_amount = 0")
