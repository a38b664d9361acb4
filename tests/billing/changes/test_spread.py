"""What is given back is credited on the invoices that were paid for it (PRD-14, BIL-14)."""

from collections import Counter
from datetime import timedelta

from django.db.models import Sum

from billing.changes.services import accept_change, quote_change
from billing.changes.spread import invoices_of_surplus
from billing.changes.status import ChangeStatus
from billing.invoices.models import CreditNote, Invoice, InvoiceLine
from billing.prepaid.selectors import prepaid_balance
from billing.proof.services import find_differences
from billing.refunds.selectors import get_refundable
from manager.kit.scope import tenant_scope
from tests.billing.changes.conftest import BOUGHT
from tests.factories.billing import ACTOR, pay_invoice
from tests.factories.orders import confirm_cart, fill_cart, reread_order
from tests.factories.products import make_option, make_plan, reread


def test_more_than_the_last_invoice_was_over_goes_back_by_the_earlier_ones(organization, buy):
    """PRD-14: three of it, then a dearer plan, then one again, all on a day: the second was paid in part."""
    dearer = make_plan(prices={("CHF", 12): 16_000})
    product = buy(make_plan())

    def change(seconds, **wanted):
        at = BOUGHT + timedelta(seconds=seconds)
        with tenant_scope(organization.pk):
            quoted = quote_change(product=reread(product, organization), at=at, **wanted)
            done = accept_change(change=quoted, actor=ACTOR, at=at)
            if done.due_amount:
                pay_invoice(done.invoice, at=at)
            return done

    change(1, quantity=3)
    last = change(2, plan=dearer)
    done = change(3, quantity=1)
    assert done.status == ChangeStatus.APPLIED
    assert done.surplus_amount > last.due_amount
    with tenant_scope(organization.pk):
        notes = list(CreditNote.objects.select_related("invoice"))
        assert prepaid_balance(organization=organization).amount == done.surplus_amount
        assert {note.invoice_id for note in notes} <= invoices_of_surplus(change=done)  # which are locked
    assert len(notes) > 1
    assert sum(note.total_amount for note in notes) == done.surplus_amount
    assert all(note.total_amount <= note.invoice.total_amount for note in notes)
    # The payments of this test have no provider whose clearing they could be compared with.
    assert {found.comparison for found in find_differences()} <= {"clearing"}


def test_what_was_given_back_before_is_taken_of_other_invoices(organization, buy):
    """PRD-14: the first step down spends the order's invoice, so the second goes to that of the option."""
    plan = make_plan(prices={("CHF", 12): 10_000})
    make_option(plan, prices={("CHF", 12): 10_000})
    smaller, smallest = (make_plan(prices={("CHF", 12): price}) for price in (5_000, 1_000))
    product = buy(plan)
    steps = [
        {"options": {"privacy": 1}},
        {"quantity": 2},
        {"plan": smaller, "options": {}},
        {"plan": smallest},
        {"quantity": 1},
    ]
    given_back = 0
    for seconds, wanted in enumerate(steps, start=1):
        at = BOUGHT + timedelta(seconds=seconds)
        with tenant_scope(organization.pk):
            quoted = quote_change(product=reread(product, organization), at=at, **wanted)
            done = accept_change(change=quoted, actor=ACTOR, at=at)
            given_back += done.surplus_amount
            if done.due_amount:
                pay_invoice(done.invoice, at=at)
    with tenant_scope(organization.pk):
        assert reread(product, organization).plan == smallest
        totals = dict(Invoice.objects.values_list("pk", "total_amount"))
        notes = CreditNote.objects.values("invoice").annotate(sum=Sum("total_amount"))
        credited = dict(notes.values_list("invoice", "sum"))
        assert sum(credited.values()) == given_back
        assert all(amount <= totals[invoice] for invoice, amount in credited.items())
        assert sum(amount for amount in totals.values()) - given_back == 1_081


def test_what_one_product_gives_back_leaves_the_other_its_part_of_the_invoice(organization):
    """PRD-14: two products of one order; the first goes up and down, the second can still be refunded."""
    plan = make_plan(prices={("CHF", 12): 10_000})
    make_option(plan, prices={("CHF", 12): 10_000})
    smaller, smallest = (make_plan(prices={("CHF", 12): price}) for price in (5_000, 1_000))
    for name in ("One", "Two"):
        fill_cart(organization, plan, months=12, name=name, at=BOUGHT)
    order = reread_order(confirm_cart(organization, at=BOUGHT), organization)
    pay_invoice(order.invoice, at=BOUGHT)
    product, other = (line.product for line in order.lines.all())
    steps = [
        {"options": {"privacy": 1}},
        {"quantity": 2},
        {"plan": smaller, "options": {}},
        {"plan": smallest},
    ]
    for seconds, wanted in enumerate(steps, start=1):
        at = BOUGHT + timedelta(seconds=seconds)
        with tenant_scope(organization.pk):
            quoted = quote_change(product=reread(product, organization), at=at, **wanted)
            done = accept_change(change=quoted, actor=ACTOR, at=at)
            if done.due_amount:
                pay_invoice(done.invoice, at=at)
    with tenant_scope(organization.pk):
        notes = CreditNote.objects.filter(invoice=order.invoice)
        its = {line.pk: line.product_id for line in InvoiceLine.objects.filter(invoice=order.invoice)}
        by_product = Counter()
        for rows in notes.values_list("lines", flat=True):
            for row in rows:
                by_product[its[row["line"]]] += row["net"] + row["tax"]
        assert by_product == {product.pk: 10_810}
        refundable = {line.id: line.left for line in get_refundable(invoice=order.invoice).lines}
        assert refundable[next(key for key, owner in its.items() if owner == other.pk)] == 10_810
