"""The verbs of an invoice's life against the table of transitions, and in the database (BIL-4, BIL-5)."""

from datetime import UTC, datetime

import psycopg
import pytest

from billing.invoices.models import Invoice
from billing.invoices.services import (
    AlreadyPaid,
    NotPayable,
    cancel_invoice,
    finalize_invoice,
    settle_invoice,
    void_invoice,
)
from billing.invoices.services.retry import retry_fulfilment
from billing.invoices.status import TRANSITIONS, InvoiceStatus
from billing.ledger.models import AccountKind, Entry
from manager.kit.errors import IllegalTransition
from manager.kit.scope import tenant_scope
from manager.outbox.models import OutboxEvent
from organizations.audit.models import AuditEvent
from tests.factories.billing import ACTOR, make_invoice, pay_invoice
from tests.factories.cast import make_tenant

AT = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)


def settle(*, invoice, actor, at):
    return settle_invoice(
        invoice=invoice,
        source=AccountKind.PROVIDER,
        reference="tried",
        paid_with="Visa",
        actor=actor,
        at=at,
    )


VERBS = {
    "finalize": (finalize_invoice, {"draft": "open"}),
    "settle": (settle, {"draft": "paid", "open": "paid"}),
    "cancel": (cancel_invoice, {"draft": "cancelled"}),
    "void": (lambda **values: void_invoice(reason="A mistake", **values), {"open": "void"}),
}


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


def traces():
    """Return how much was written down so far: events, the log, the ledger."""
    return OutboxEvent.objects.count(), AuditEvent.objects.count(), Entry.objects.count()


def test_the_verbs_take_all_steps_of_the_table():
    """BIL-4: a draft that is paid at once passes through being issued, in one transaction."""
    taken = {(old, new) for _call, steps in VERBS.values() for old, new in steps.items()}
    assert taken - {("draft", "paid")} == {(old, new) for old, news in TRANSITIONS.items() for new in news}


@pytest.mark.parametrize("verb", sorted(VERBS))
def test_each_verb_does_what_the_table_allows_and_refuses_the_rest(verb):
    """BIL-4, BIL-5: each state x verb; a refusal writes nothing."""
    organization = make_tenant()
    call, steps = VERBS[verb]
    for status in InvoiceStatus.values:
        invoice = invoice_in(status, organization)
        with tenant_scope(organization.pk):
            before = traces()
            if status in steps:
                assert call(invoice=invoice, actor=ACTOR, at=AT).status == steps[status]
            else:
                with pytest.raises((IllegalTransition, AlreadyPaid, NotPayable)):
                    call(invoice=invoice, actor=ACTOR, at=AT)
                assert traces() == before
            assert Invoice.objects.get(pk=invoice.pk).status == steps.get(status, status)


def test_what_is_not_paid_is_not_fulfilled_by_trying_again():
    """PRD-7: trying again changes no state, and does nothing for an invoice that is not paid."""
    organization = make_tenant()
    for status in sorted(set(InvoiceStatus.values) - {InvoiceStatus.PAID}):
        invoice = invoice_in(status, organization)
        with tenant_scope(organization.pk):
            before = traces()
            assert retry_fulfilment(invoice=invoice, actor=ACTOR, at=AT) == []
            assert traces() == before
            assert Invoice.objects.get(pk=invoice.pk).status == status


@pytest.mark.parametrize("role", ["web", "worker"])
def test_the_database_refuses_what_the_table_does_not_allow(as_role, role: str) -> None:
    """BIL-4, BIL-5: each state x state as plain SQL of each role, in the tenant's scope."""
    organization = make_tenant()
    connection = as_role(role)
    connection.execute("select set_config('app.organization', %s, false)", [str(organization.pk)])
    for status in InvoiceStatus.values:
        invoice = invoice_in(status, organization)
        assert invoice.status == status
        for to in sorted(set(InvoiceStatus.values) - {status} - TRANSITIONS[status]):
            with pytest.raises(psycopg.errors.IntegrityError, match=r"does not go from|frozen"):
                connection.execute("update billing_invoice set status = %s where id = %s", [to, invoice.pk])
        found = connection.execute("select status from billing_invoice where id = %s", [invoice.pk])
        assert found.fetchone() == (status,)
