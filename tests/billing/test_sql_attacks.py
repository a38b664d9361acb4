"""What a stolen connection of the web or worker role cannot do to the money (BIL-15)."""

from typing import Any

import psycopg
import pytest

from billing.invoices.models import InvoiceLine
from billing.invoices.services import finalize_invoice
from billing.invoices.services.credit import CHANGE_CREDIT, CreditedLine, credit_to_prepaid
from billing.payments.services import pay_from_prepaid
from billing.reservations.services import reserve_prepaid
from manager.kit.money import Money
from manager.kit.scope import tenant_scope
from organizations.profile.models import Organization
from tests.factories.billing import make_invoice
from tests.factories.cast import make_tenant
from tests.factories.disputes import make_dispute
from tests.factories.payments import ACTOR, fill_prepaid, now
from tests.factories.products import reread
from tests.factories.promotions import make_code

REFUSALS = (
    psycopg.errors.IntegrityError,
    psycopg.errors.InsufficientPrivilege,
    psycopg.errors.RaiseException,
)
INTO_JOURNAL = (
    "INSERT INTO billing_journal (organization_id, reference, kind, currency, description, at)"
    " VALUES ({org}, 'attack', 'x', 'CHF', '', now()) RETURNING id"
)
ENTRY = "INSERT INTO billing_entry (organization_id, journal_id, account_id, amount) SELECT"
REFUND = (
    "INSERT INTO billing_refund (organization_id, invoice_id, status, origin_key, idempotency_key, lines,"
    " line_ids, reason, amount, currency, reference, failure_code, fence, created_at)"
)
NOTE = (
    "INSERT INTO billing_creditnote (organization_id, invoice_id, legal_entity_id, number, reason, lines,"
    " currency, net_amount, tax_amount, total_amount, issued_on, created_at)"
)
ATTACKS: dict[str, str] = {
    "change an entry": "UPDATE billing_entry SET amount = amount + 1",
    "delete an entry": "DELETE FROM billing_entry",
    "empty the entries": "TRUNCATE billing_entry CASCADE",
    "change a journal": "UPDATE billing_journal SET reference = 'x'",
    "delete a journal": "DELETE FROM billing_journal",
    "a journal without entries": INTO_JOURNAL,
    "a journal of one side": f"WITH j AS ({INTO_JOURNAL}) {ENTRY} {{org}}, j.id, {{prepaid}}, 5 FROM j",
    "an entry in an old journal": f"{ENTRY} {{org}}, min(id), {{prepaid}}, 5 FROM billing_journal",
    "change a balance": "UPDATE billing_account SET balance = balance + 1000",
    "change what an account is": "UPDATE billing_account SET kind = 'cashback' WHERE kind = 'prepaid'",
    "delete an account": "DELETE FROM billing_account",
    "an account with a balance": (
        "INSERT INTO billing_account (organization_id, kind, currency, balance)"
        " VALUES ({org}, 'cashback', 'CHF', 100)"
    ),
    "a foreign journal": INTO_JOURNAL.replace("{org}", "{other}"),
    "change foreign accounts": "UPDATE billing_account SET currency = 'EUR' WHERE organization_id = {other}",
    "change foreign invoices": "UPDATE billing_invoice SET paid_with = 'x' WHERE organization_id = {other}",
    "take an invoice over": "UPDATE billing_invoice SET organization_id = {other}",
    "change the number": "UPDATE billing_invoice SET number = 'X-1' WHERE id = {paid}",
    "change a paid invoice": "UPDATE billing_invoice SET paid_with = 'x' WHERE id = {paid}",
    "change the sum": (
        "UPDATE billing_invoice SET net_amount = 1, total_amount = 1, tax_amount = 0 WHERE id = {paid}"
    ),
    "unpay an invoice": "UPDATE billing_invoice SET status = 'open' WHERE id = {paid}",
    "delete an invoice": "DELETE FROM billing_invoice WHERE id = {paid}",
    "change a line": "UPDATE billing_invoiceline SET net_amount = 1 WHERE invoice_id = {paid}",
    "add a line": (
        "INSERT INTO billing_invoiceline (organization_id, invoice_id, position, description, quantity,"
        " unit_amount, net_amount, tax_rate, tax_amount, counts)"
        " VALUES ({org}, {paid}, 9, 'x', 1, 1, 1, 0, 0, true)"
    ),
    "delete a line": "DELETE FROM billing_invoiceline WHERE invoice_id = {paid}",
    "set a series back": "UPDATE billing_numbersequence SET next_value = 1",
    "skip a number": "UPDATE billing_numbersequence SET next_value = next_value + 2",
    "delete a series": "DELETE FROM billing_numbersequence",
    "change a credit note": "UPDATE billing_creditnote SET total_amount = 1, net_amount = 1, tax_amount = 0",
    "delete a credit note": "DELETE FROM billing_creditnote",
    "credit more than was paid": (
        f"{NOTE} SELECT organization_id, invoice_id, legal_entity_id, 'CN-X', 'x', '[]', currency, 999999,"
        " 0, 999999, issued_on, now() FROM billing_creditnote"
    ),
    "refund more than was paid": (
        f"{REFUND} VALUES ({{org}}, {{paid}}, 'created', 'x', 'x', '[]',"
        " '[]', 'x', 999999, 'CHF', '', '', 0, now())"
    ),
    "refund what is not paid": (
        f"{REFUND} VALUES ({{org}}, {{open}}, 'created', 'x', 'x', '[]',"
        " '[]', 'x', 1, 'CHF', '', '', 0, now())"
    ),
    "reserve below zero": "UPDATE billing_reservation SET amount = -1",
    "reserve more": "UPDATE billing_reservation SET amount = amount + 1000000",
    "a code beyond its limit": "UPDATE billing_promocode SET used = 99",
    "decide a dispute without its day": "UPDATE billing_dispute SET status = 'won'",
    "read another one's accounts": "UPDATE billing_account SET id = id WHERE organization_id = {other}",
}


def make_world() -> tuple[Organization, dict[str, Any]]:
    """Return an organization with each thing that is worth an attack, and a foreign one."""
    organization, other = make_tenant(), make_tenant()
    for one in (organization, other):
        fill_prepaid(one, 50_000)
    make_code(limit_total=3)
    make_dispute(organization)
    paid, opened, foreign = (make_invoice(one) for one in (organization, organization, other))
    with tenant_scope(other.pk):
        pay_from_prepaid(invoice=foreign, actor=ACTOR, at=now())
    with tenant_scope(organization.pk):
        pay_from_prepaid(invoice=paid, actor=ACTOR, at=now())
        finalize_invoice(invoice=opened, actor=ACTOR, at=now())
        reserve_prepaid(invoice=opened, money=Money(100, "CHF"), key="x", actor=ACTOR, at=now())
        line = InvoiceLine.objects.get(invoice=paid)
        part = CreditedLine(line.description, line.tax_rate, Money(1_000, "CHF"), Money(81, "CHF"), line.pk)
        credit_to_prepaid(
            invoice=reread(paid, organization),
            lines=[part],
            reference="test:credit",
            kind=CHANGE_CREDIT,
            reason="x",
            actor=ACTOR,
            at=now(),
        )
    return organization, {"org": organization.pk, "other": other.pk, "paid": paid.pk, "open": opened.pk}


@pytest.mark.parametrize("role", ["web", "worker"])
def test_the_database_refuses_each_attack(as_role, role: str) -> None:
    """BIL-15, ORG-17: none of them changes a row, whether at once or at the commit."""
    organization, names = make_world()
    connection: psycopg.Connection = as_role(role)
    connection.execute("SELECT set_config('app.organization', %s, false)", [str(organization.pk)])
    found = connection.execute("SELECT id FROM billing_account WHERE kind = 'prepaid'").fetchone()
    assert found
    names["prepaid"] = found[0]
    succeeded = []
    for name, attack in ATTACKS.items():
        try:
            with connection.transaction():
                changed = connection.execute(attack.format(**names)).rowcount
                connection.execute("SET CONSTRAINTS ALL IMMEDIATE")
        except (
            psycopg.errors.IntegrityError,
            psycopg.errors.InsufficientPrivilege,
            psycopg.errors.RaiseException,
        ):
            continue
        if changed:
            succeeded.append(name)
    assert len(ATTACKS) >= 30
    assert succeeded == []
