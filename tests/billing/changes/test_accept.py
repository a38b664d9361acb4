"""An accepted change is carried out with its payment, once, to the cent (PRD-10, PRD-14, BIL-16)."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.db import IntegrityError, connection

from billing.changes.models import ChangeQuote
from billing.changes.services import accept_change, quote_change, withdraw_change
from billing.changes.services.accept import ChangeWaiting, QuoteExpired
from billing.changes.services.apply import OfferChanged
from billing.changes.services.competing import NextPeriodBilled
from billing.changes.status import ChangeStatus
from billing.invoices.models import CreditNote, Invoice, InvoiceLine
from billing.invoices.services import finalize_invoice
from billing.invoices.services.draft import ChangeIsWaiting
from billing.invoices.status import InvoiceStatus
from billing.ledger.models import AccountKind, Entry
from billing.prepaid.selectors import prepaid_balance
from billing.to_pay.services import DueChoice, compose_selection
from manager.kit.scope import tenant_scope
from products.inventory.selectors import find_options
from products.inventory.services import extend_product
from tests.factories.billing import ACTOR, pay_invoice
from tests.factories.products import make_option, make_plan, reread

AT = datetime(2026, 8, 31, 9, 0, tzinfo=UTC)


@pytest.fixture
def plans():
    cheap = make_plan()
    dear = make_plan(prices={(currency, m): 2000 * m for currency in ("CHF", "EUR") for m in (1, 12, 24)})
    make_option(dear)
    return cheap, dear


def quote(product, *, at=AT, **wanted):
    with tenant_scope(product.organization_id):
        return quote_change(product=reread(product, product.organization), at=at, **wanted)


def accept(change, *, at=AT):
    with tenant_scope(change.organization_id):
        return accept_change(change=change, actor=ACTOR, at=at)


def covered(organization, component=""):
    """Return the days that paid lines of the component cover, in order, with their net amount."""
    with tenant_scope(organization.pk):
        lines = InvoiceLine.objects.filter(component=component, covers__endswith__isnull=False)
        return [(row.covers.lower, row.covers.upper, row.net_amount) for row in lines.order_by("covers")]


def balance(organization):
    with tenant_scope(organization.pk):
        return prepaid_balance(organization=organization).amount


def test_an_upgrade_changes_with_its_payment(organization, buy, plans):
    """PRD-14: not before; the days change hands, and each is covered once."""
    cheap, dear = plans
    product = buy(cheap)
    change = accept(quote(product, plan=dear, options={"privacy": 1}))
    assert change.status == ChangeStatus.ACCEPTED
    assert reread(product, organization).plan_id == cheap.pk
    invoice = reread(change.invoice, organization)
    assert (invoice.status, invoice.total_amount) == (InvoiceStatus.DRAFT, change.due_amount)
    pay_invoice(invoice, at=AT)
    product = reread(product, organization)
    assert product.plan_id == dear.pk
    assert product.expires_on == date(2027, 3, 1)
    assert reread(change, organization).status == ChangeStatus.APPLIED
    day = date(2026, 8, 31)
    assert covered(organization) == [(date(2026, 3, 1), day, 12_000), (day, date(2027, 3, 1), 11_967)]
    assert covered(organization, "privacy") == [(day, date(2027, 3, 1), 598)]
    with tenant_scope(organization.pk):
        assert find_options([product]) == {product.pk: {"privacy": 1}}
        assert not InvoiceLine.objects.filter(fulfilled_at=None).exists()


def test_a_downgrade_is_done_at_once_and_credited(organization, buy, plans):
    """PRD-14: an invoice over nothing, and a credit note whose sum is on the prepaid account."""
    cheap, dear = plans
    product = buy(dear)
    change = accept(quote(product, plan=cheap))
    assert change.status == ChangeStatus.APPLIED
    assert reread(product, organization).plan_id == cheap.pk
    assert balance(organization) == change.surplus_amount > 0
    with tenant_scope(organization.pk):
        note = CreditNote.objects.get()
        assert (note.total_amount, note.invoice.origin) == (change.surplus_amount, "order")
        assert Invoice.objects.get(origin="change").total_amount == 0


def test_an_option_taken_away_is_credited_without_an_invoice(organization, buy, plans):
    """PRD-14."""
    _cheap, dear = plans
    product = buy(dear, options={"privacy": 1})
    change = accept(quote(product, options={}))
    assert (change.status, change.invoice) == (ChangeStatus.APPLIED, None)
    assert balance(organization) == 598 + 48
    assert covered(organization, "privacy") == [(date(2026, 3, 1), date(2026, 8, 31), 1_200)]


def test_there_and_back_on_the_same_day_moves_nothing(organization, buy, plans):
    """PRD-14: what was paid for the change comes back to the cent."""
    cheap, dear = plans
    product = buy(cheap)
    there = accept(quote(product, plan=dear))
    pay_invoice(reread(there.invoice, organization), at=AT)
    back = accept(quote(product, plan=cheap))
    assert balance(organization) == there.due_amount
    assert back.surplus_amount == there.due_amount
    day = date(2026, 8, 31)
    assert covered(organization) == [(date(2026, 3, 1), day, 12_000), (day, date(2027, 3, 1), 5_984)]


def test_the_books_balance_after_any_change(organization, buy, plans):
    """BIL-15: revenue is what was paid less what is balance."""
    cheap, dear = plans
    product = buy(dear, options={"privacy": 1})
    accept(quote(product, plan=cheap, options={}))
    with tenant_scope(organization.pk):
        sums = dict.fromkeys(AccountKind.values, 0)
        for kind, amount in Entry.objects.values_list("account__kind", "amount"):
            sums[kind] += amount
    assert sum(sums.values()) == 0
    assert sums["receivable"] == 0
    assert sums["revenue"] + sums["refunds"] + sums["tax"] + sums["prepaid"] == -sums["provider"]


def test_another_period_holds_from_the_next_renewal(organization, buy, plans):
    """PRD-10."""
    product = buy(plans[0])
    change = accept(quote(product, months=24))
    assert change.status == ChangeStatus.APPLIED
    product = reread(product, organization)
    assert (product.months, product.expires_on) == (24, date(2027, 3, 1))


def test_refuses_a_quote_after_15_minutes_or_twice(buy, plans):
    """PRD-14."""
    product = buy(plans[0])
    change = quote(product, months=24)
    with pytest.raises(QuoteExpired):
        accept(change, at=AT + timedelta(minutes=15))
    accept(change, at=AT + timedelta(minutes=14, seconds=59))
    with pytest.raises(QuoteExpired):
        accept(change)


def test_refuses_a_quote_for_what_the_product_no_longer_is(organization, buy, plans):
    """PRD-14: another change, or a renewal, has come between."""
    product = buy(plans[0])
    stale, dearer = quote(product, months=24), quote(product, plan=plans[1])
    with tenant_scope(organization.pk):
        extend_product(product=product, until=date(2028, 3, 1), actor=ACTOR, at=AT)
    for change in (stale, dearer):
        with pytest.raises(OfferChanged):
            accept(change)


def test_one_change_waits_at_a_time(buy, plans):
    """BIL-16."""
    product = buy(plans[0])
    first, second = quote(product, plan=plans[1]), quote(product, plan=plans[1], quantity=2)
    accept(first)
    with pytest.raises(ChangeWaiting):
        accept(second)


def test_unpaid_drafts_of_the_next_period_are_taken_back(organization, buy, plans):
    """BIL-16: they have the price of the former offer; and none is drafted before the change is paid."""
    product = buy(plans[0])
    choice = [DueChoice(product.pk, 12)]
    with tenant_scope(organization.pk):
        draft = compose_selection(
            organization=organization, choices=choice, invoice_ids=[], actor=ACTOR, at=AT
        )
    change = accept(quote(product, plan=plans[1]))
    assert reread(draft, organization).status == InvoiceStatus.CANCELLED
    with tenant_scope(organization.pk), pytest.raises(ChangeIsWaiting):
        compose_selection(organization=organization, choices=choice, invoice_ids=[], actor=ACTOR, at=AT)
    pay_invoice(reread(change.invoice, organization), at=AT)
    with tenant_scope(organization.pk):
        again = compose_selection(
            organization=organization, choices=choice, invoice_ids=[], actor=ACTOR, at=AT
        )
    assert again.net_amount == 24_000


def test_an_issued_invoice_of_the_next_period_comes_first(organization, buy, plans):
    """BIL-5: it cannot be taken back."""
    product = buy(plans[0])
    with tenant_scope(organization.pk):
        draft = compose_selection(
            organization=organization,
            choices=[DueChoice(product.pk, 12)],
            invoice_ids=[],
            actor=ACTOR,
            at=AT,
        )
        finalize_invoice(invoice=draft, actor=ACTOR, at=AT)
    with pytest.raises(NextPeriodBilled):
        accept(quote(product, plan=plans[1]))


def test_periods_paid_ahead_change_with_the_present_one(organization, buy, plans):
    """PRD-14: each at the price of its own length, and nothing of them is lost."""
    product = buy(plans[0])
    with tenant_scope(organization.pk):
        ahead = compose_selection(
            organization=organization,
            choices=[DueChoice(product.pk, 24)],
            invoice_ids=[],
            actor=ACTOR,
            at=AT,
        )
    pay_invoice(ahead, at=AT)
    change = quote(product, plan=plans[1])
    assert [row["net"] for row in change.charges] == [11_967, 48_000]
    assert [row["net"] for row in change.set_off] == [5_984, 24_000]
    accepted = accept(change)
    pay_invoice(reread(accepted.invoice, organization), at=AT)
    assert [row[:2] for row in covered(organization)] == [
        (date(2026, 3, 1), date(2026, 8, 31)),
        (date(2026, 8, 31), date(2027, 3, 1)),
        (date(2027, 3, 1), date(2029, 3, 1)),
    ]


def test_is_taken_back_before_it_is_paid(organization, buy, plans):
    """PRD-14: by its own verb, or with its invoice."""
    product = buy(plans[0])
    change = accept(quote(product, plan=plans[1]))
    with tenant_scope(organization.pk):
        assert withdraw_change(change=change, actor=ACTOR, at=AT).status == ChangeStatus.WITHDRAWN
    assert reread(change.invoice, organization).status == InvoiceStatus.CANCELLED
    again = accept(quote(product, plan=plans[1]))
    assert again.status == ChangeStatus.ACCEPTED


def test_the_database_keeps_quotes_and_covered_days(organization, buy, plans):
    """INC-27, BIL-16: no role writes another price into a quote, and a line never covers more than before."""
    product = buy(plans[0])
    change = quote(product, plan=plans[1])
    with tenant_scope(organization.pk):
        with pytest.raises(IntegrityError):
            ChangeQuote.objects.filter(pk=change.pk).update(due_amount=1)
        with pytest.raises(IntegrityError):
            ChangeQuote.objects.filter(pk=change.pk).update(status=ChangeStatus.APPLIED)
        with connection.cursor() as cursor, pytest.raises(IntegrityError):
            cursor.execute("UPDATE billing_invoiceline SET covers = '[2026-03-01,2030-01-01)'")
        with connection.cursor() as cursor, pytest.raises(IntegrityError):
            cursor.execute("UPDATE billing_invoiceline SET covers = NULL")
