"""Issuing an invoice: numbers without a gap, and what is frozen from then on (BIL-5)."""

from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from datetime import UTC, datetime

import psycopg
import pytest
from django.db import connections, transaction

from billing.invoices.models import Invoice, NumberSequence
from billing.invoices.services import finalize_invoice
from billing.invoices.status import InvoiceStatus
from billing.ledger.models import AccountKind
from billing.ledger.selectors import get_balance
from manager.kit.errors import IllegalTransition
from manager.kit.scope import tenant_scope
from manager.outbox.models import OutboxEvent
from organizations.profile.models import Organization
from tests.factories.billing import ACTOR, AT, make_invoice, make_legal_entity, make_line
from tests.factories.cast import make_tenant

Connect = Callable[[str], psycopg.Connection]


@pytest.fixture
def organization() -> Iterator[Organization]:
    make_legal_entity()
    organization = make_tenant()
    with tenant_scope(organization.pk):
        yield organization


def finalize(invoice: Invoice, at: datetime = AT) -> Invoice:
    return finalize_invoice(invoice=invoice, actor=ACTOR, at=at)


def test_gives_the_next_number_of_the_year(organization: Organization) -> None:
    """BIL-5."""
    first, second = (finalize(make_invoice(organization)) for _ in range(2))
    assert (first.number, second.number) == ("CH-2026-000001", "CH-2026-000002")
    assert first.status == InvoiceStatus.OPEN


def test_begins_at_one_each_year_of_the_seller(organization: Organization) -> None:
    """BIL-5: at 23:30 UTC on the last day it is the next year where the seller is."""
    finalize(make_invoice(organization))
    midnight = datetime(2026, 12, 31, 23, 30, tzinfo=UTC)
    invoice = finalize(make_invoice(organization), at=midnight)
    assert invoice.number == "CH-2027-000001"
    assert invoice.issued_on is not None
    assert invoice.issued_on.isoformat() == "2027-01-01"


def test_owes_the_total(organization: Organization) -> None:
    """BIL-15: receivable against revenue and VAT."""
    finalize(make_invoice(organization, [make_line(10_000)]))
    balances = {
        kind: get_balance(organization=organization, kind=kind, currency="CHF").amount
        for kind in (AccountKind.RECEIVABLE, AccountKind.REVENUE, AccountKind.TAX)
    }
    assert balances == {AccountKind.RECEIVABLE: -10_810, AccountKind.REVENUE: 10_000, AccountKind.TAX: 810}


def test_publishes_it(organization: Organization) -> None:
    """The mail and the document follow."""
    invoice = finalize(make_invoice(organization))
    event = OutboxEvent.objects.get(name="invoice.issued")
    assert event.payload == {"invoice": invoice.pk, "number": invoice.number}


def test_refuses_a_second_time(organization: Organization) -> None:
    """BIL-5."""
    invoice = finalize(make_invoice(organization))
    with pytest.raises(IllegalTransition):
        finalize(invoice)
    assert NumberSequence.objects.get().next_value == 2


def test_leaves_no_gap_under_200_parallel_finalizations() -> None:
    """INC-24, BIL-5: four organizations, one series; every fifth is rolled back and done again."""
    make_legal_entity()
    organizations = [make_tenant() for _ in range(4)]
    drafts = [(each, make_invoice(each)) for each in organizations for _ in range(50)]

    def issue(job: tuple[int, tuple[Organization, Invoice]]) -> str:
        number, (organization, invoice) = job
        try:
            with tenant_scope(organization.pk):
                if number % 5 == 0:
                    with suppress(Crash):
                        crash_after_finalizing(invoice)
                return str(finalize(invoice).number)
        finally:
            connections.close_all()

    with ThreadPoolExecutor(20) as pool:
        numbers = list(pool.map(issue, enumerate(drafts)))
    assert sorted(numbers) == [f"CH-2026-{value:06d}" for value in range(1, 201)]
    assert Counter(numbers).most_common(1)[0][1] == 1


class Crash(Exception):
    """A worker that ends in the middle of its transaction."""


@transaction.atomic
def crash_after_finalizing(invoice: Invoice) -> None:
    finalize(invoice)
    raise Crash


class TestDirectSql:
    """What the web role cannot do to an issued invoice."""

    @pytest.fixture
    def sql(self, organization: Organization, as_role: Connect) -> psycopg.Connection:
        finalize(make_invoice(organization))
        connection = as_role("web")
        connection.execute("select set_config('app.organization', %s, false)", [str(organization.pk)])
        return connection

    @pytest.mark.parametrize(
        "statement",
        [
            "update billing_invoice set total_amount = 1, net_amount = 1, tax_amount = 0",
            "update billing_invoice set number = 'CH-2026-999999'",
            "update billing_invoice set number = null, status = 'draft'",
            "update billing_invoice set buyer = '{}'",
            "update billing_invoice set issued_on = '2020-01-01'",
            "update billing_invoice set status = 'cancelled'",
            "update billing_invoiceline set net_amount = 1",
            "update billing_invoiceline set description = 'another thing'",
            "delete from billing_invoiceline",
            "delete from billing_invoice",
            "update billing_numbersequence set next_value = 1",
            "update billing_numbersequence set next_value = 100",
            "update billing_numbersequence set year = 2025",
            "delete from billing_numbersequence",
            "update billing_legalentity set iban = 'CH00'",
            "update billing_taxrate set rate = 0",
        ],
    )
    def test_refuses_a_change(self, sql: psycopg.Connection, statement: str) -> None:
        """BIL-5: an issued invoice is immutable, its series goes up by one."""
        with pytest.raises(
            (psycopg.errors.IntegrityConstraintViolation, psycopg.errors.InsufficientPrivilege)
        ):
            sql.execute(statement)

    def test_refuses_a_further_line(self, sql: psycopg.Connection, organization: Organization) -> None:
        """BIL-5."""
        with pytest.raises(psycopg.errors.IntegrityConstraintViolation, match="only a draft"):
            sql.execute(
                "insert into billing_invoiceline (organization_id, invoice_id, position, description,"
                " quantity, unit_amount, net_amount, tax_rate, tax_amount, counts)"
                " select organization_id, id, 9, 'x', 1, 1, 1, 0, 0, true from billing_invoice"
            )

    def test_refuses_an_invoice_that_begins_as_paid(self, sql: psycopg.Connection) -> None:
        """BIL-5."""
        with pytest.raises(psycopg.errors.IntegrityConstraintViolation, match="begins as a draft"):
            sql.execute(
                "insert into billing_invoice (organization_id, legal_entity_id, status, number, currency,"
                " language, origin, origin_key, buyer, seller, tax_code, tax_evidence, net_amount,"
                " tax_amount, total_amount, created_at, due_on, paid_with)"
                " select organization_id, legal_entity_id, 'paid', 'X-1', 'CHF', 'en', 'x', 'y', '{}', '{}',"
                " 'export', '{}', 0, 0, 0, now(), now(), '' from billing_invoice"
            )

    def test_refuses_a_number_for_other_sums(
        self, sql: psycopg.Connection, organization: Organization
    ) -> None:
        """BIL-6: an invoice is the sum of its lines."""
        draft = make_invoice(organization)
        with pytest.raises(psycopg.errors.IntegrityConstraintViolation, match="sum of its lines"):
            sql.execute(
                "update billing_invoice set status = 'open', number = 'X-1', net_amount = 5, tax_amount = 0,"
                " total_amount = 5 where id = %s",
                [draft.pk],
            )
