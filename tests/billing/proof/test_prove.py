"""The proof of the ledger: it agrees after all that moves money, and names each damage (BIL-15)."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from io import StringIO

import psycopg
import pytest
from django.core.management import call_command

from billing.invoices.models import Invoice, InvoiceLine
from billing.invoices.services import finalize_invoice, void_invoice
from billing.invoices.services.credit import CHANGE_CREDIT, CreditedLine, credit_to_prepaid
from billing.payments.services import pay_from_prepaid, pay_with_method
from billing.proof.models import LedgerProof
from billing.proof.periodic import drain_proofs
from billing.proof.rights import PROVE_LEDGER
from billing.proof.services import find_differences
from manager.kit.errors import DomainError
from manager.kit.scope import tenant_scope
from tests.factories.cast import make_tenant
from tests.factories.identity import make_staff, staff_client
from tests.factories.payments import ACTOR, fill_prepaid, make_method, make_order_invoice, now
from tests.factories.products import reread
from tests.factories.together import at_once

AT = datetime(2026, 11, 22, 2, 0, tzinfo=UTC)


@contextmanager
def damage(connection: psycopg.Connection) -> Iterator[psycopg.Connection]:
    """Let SQL by that the database's guards refuse to everybody else."""
    connection.execute("SET session_replication_role = replica")
    yield connection
    connection.execute("SET session_replication_role = DEFAULT")


def make_paid_with_credit() -> Invoice:
    """Return an invoice paid from a balance, partly given back; others are open, void and a draft."""
    organization = make_tenant()
    fill_prepaid(organization, 100_000)
    paid, opened, voided, _draft = (make_order_invoice(organization)[0] for _ in range(4))
    with tenant_scope(organization.pk):
        pay_from_prepaid(invoice=paid, actor=ACTOR, at=now())
        finalize_invoice(invoice=opened, actor=ACTOR, at=now())
        void_invoice(
            invoice=finalize_invoice(invoice=voided, actor=ACTOR, at=now()), reason="x", actor=ACTOR, at=now()
        )
        line = InvoiceLine.objects.get(invoice=paid)
        credit_to_prepaid(
            invoice=reread(paid, organization),
            lines=[CreditedLine.of(line, paid.currency)],
            reference="test:credit",
            kind=CHANGE_CREDIT,
            reason="x",
            actor=ACTOR,
            at=now(),
        )
    return paid


def compared() -> set[str]:
    return {finding.comparison for finding in find_differences()}


def test_agrees_after_payments_credit_notes_and_voids(psp: object) -> None:
    """BIL-15: nothing differs after a card, a balance, a credit note, an open and a void invoice."""
    make_paid_with_credit()
    organization = make_tenant()
    method = make_method(organization)
    invoice, _ = make_order_invoice(organization)
    with tenant_scope(organization.pk):
        pay_with_method(invoice=invoice, method=method, actor=ACTOR, at=now())
    assert find_differences() == []


@pytest.mark.parametrize(
    ("sql", "found"),
    [
        (
            "UPDATE billing_entry SET amount = amount + 1 WHERE id = (SELECT max(id) FROM billing_entry)",
            "journals",
        ),
        ("UPDATE billing_account SET balance = balance + 7 WHERE kind = 'prepaid'", "balances"),
        ("UPDATE billing_entry SET balance = balance + 1 WHERE amount > 0", "balances"),
        ("UPDATE billing_account SET currency = 'EUR' WHERE kind = 'prepaid'", "owners"),
        ("UPDATE billing_invoiceline SET net_amount = net_amount - 1", "lines"),
        ("UPDATE billing_invoice SET status = 'open' WHERE status = 'paid'", "receivables"),
        ("UPDATE billing_creditnote SET tax_amount = tax_amount + 1, net_amount = net_amount - 1", "taxes"),
        ("UPDATE billing_creditnote SET total_amount = 999999, net_amount = 999999 - tax_amount", "credited"),
        ("UPDATE billing_paymentattempt SET amount = amount + 1", "payments"),
        ("UPDATE billing_journal SET reference = 'lost' WHERE reference LIKE 'attempt:%'", "payments"),
        (
            "UPDATE billing_entry SET account_id = a.id FROM billing_account a WHERE a.kind = 'provider'",
            "clearing",
        ),
        ("UPDATE billing_numbersequence SET next_value = next_value + 1", "numbers"),
        ("UPDATE billing_invoice SET number = number || '0' WHERE status = 'void'", "numbers"),
    ],
    ids=lambda value: value if value.islower() and " " not in value else "",
)
def test_names_each_damage(superuser_connection: psycopg.Connection, sql: str, found: str) -> None:
    """BIL-15: what the guards would have refused is found all the same."""
    make_paid_with_credit()
    assert compared() == set()
    with damage(superuser_connection):
        assert superuser_connection.execute(sql).rowcount
    assert found in compared()


def test_is_proved_once_a_night_by_any_number_of_workers() -> None:
    """BIL-15: a day has one proof, and the next day another."""
    make_paid_with_credit()
    at_once(4, lambda: drain_proofs(at=AT), refusal=DomainError)
    proof = LedgerProof.objects.get()
    assert (proof.day, proof.is_clean, proof.ended_at) == (AT.date(), True, AT)
    assert proof.figures["invoices"] == 3
    assert drain_proofs(at=AT + timedelta(hours=5)) == 0
    assert drain_proofs(at=AT + timedelta(days=1)) == 1


def test_a_proof_that_a_crash_left_is_carried_out() -> None:
    """BIL-15: a row without an end waits."""
    LedgerProof.objects.create(day=AT.date(), asked_at=AT)
    assert drain_proofs(at=AT) == 1


def test_staff_read_the_proof_and_ask_for_another(superuser_connection: psycopg.Connection) -> None:
    """BIL-15: the page tells what differs, and asks for a proof once."""
    browser = staff_client(make_staff(PROVE_LEDGER))
    assert "Not proved yet" in browser.get("/staff/ledger/").content.decode()
    make_paid_with_credit()
    for _ in range(2):
        assert browser.post("/staff/ledger/prove/").status_code == 302
    assert LedgerProof.objects.filter(day=None).count() == 1
    assert "under way" in browser.get("/staff/ledger/").content.decode()
    drain_proofs(at=AT)
    assert "Everything agrees" in browser.get("/staff/ledger/").content.decode()
    with damage(superuser_connection):
        superuser_connection.execute(
            "UPDATE billing_account SET balance = balance + 7 WHERE kind = 'prepaid'"
        )
    drain_proofs(at=AT + timedelta(days=1))
    page = browser.get("/staff/ledger/").content.decode()
    assert "does not agree" in page
    assert "account prepaid" in page
    assert "Differences in the ledger" in browser.get("/staff/").content.decode()


def test_the_command_ends_with_one_when_something_differs(superuser_connection: psycopg.Connection) -> None:
    """BIL-15: for a script of the operator."""
    make_paid_with_credit()
    out = StringIO()
    call_command("ledger_proof", stdout=out)
    assert "0 differences" in out.getvalue()
    with damage(superuser_connection):
        superuser_connection.execute(
            "UPDATE billing_account SET balance = balance + 7 WHERE kind = 'prepaid'"
        )
    with pytest.raises(SystemExit) as ended:
        call_command("ledger_proof", stdout=out)
    assert ended.value.code == 1
    assert "account prepaid" in out.getvalue()
