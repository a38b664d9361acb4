"""What goes back of lines that were billed at several rates goes back at the rate of each (PRD-14, BIL-6)."""

from collections import Counter
from datetime import UTC, datetime, timedelta

import pytest

from billing.changes.services import accept_change, quote_change
from billing.documents.content import credit_note_content
from billing.invoices.models import CreditNote, Invoice, InvoiceLine
from billing.ledger.models import AccountKind, Entry
from billing.prepaid.selectors import prepaid_balance
from billing.profiles.models import BillingAddress
from billing.profiles.selectors import default_address
from billing.proof.services import find_differences
from billing.refunds.selectors import get_refundable
from manager.kit.scope import tenant_scope
from tests.factories.billing import ACTOR, pay_invoice
from tests.factories.orders import confirm_cart, fill_cart, reread_order
from tests.factories.products import make_plan, reread

BEFORE = datetime(2023, 11, 1, 10, 0, tzinfo=UTC)
AFTER = datetime(2024, 2, 1, 10, 0, tzinfo=UTC)


def change(organization, product, at, **wanted):
    with tenant_scope(organization.pk):
        quoted = quote_change(product=reread(product, organization), at=at, **wanted)
        done = accept_change(change=quoted, actor=ACTOR, at=at)
        if done.due_amount:
            pay_invoice(done.invoice, at=at)
        return done


def move(organization, **fields):
    with tenant_scope(organization.pk):
        BillingAddress.objects.update(**fields)


def vat_by_rate(rows):
    """Return net and VAT of each rate, as (rate, net, VAT) rows give them."""
    sums = {}
    for rate, net, tax in rows:
        before = sums.get(rate, (0, 0))
        sums[rate] = (before[0] + net, before[1] + tax)
    return {rate: found for rate, found in sums.items() if found != (0, 0)}


def billed(organization):
    with tenant_scope(organization.pk):
        return vat_by_rate(InvoiceLine.objects.values_list("tax_rate", "net_amount", "tax_amount"))


def credited(organization):
    with tenant_scope(organization.pk):
        rows = [row for lines in CreditNote.objects.values_list("lines", flat=True) for row in lines]
        return vat_by_rate((row["rate"], row["net"], row["tax"]) for row in rows)


def check_lines(organization):
    """Each line of a credit note has the rate of its line, and gives back no more than that was over."""
    gone = Counter()
    with tenant_scope(organization.pk):
        lines = {line.pk: line for line in InvoiceLine.objects.all()}
        for note in CreditNote.objects.select_related("invoice__legal_entity"):
            for row in note.lines:
                line = lines[row["line"]]
                assert (row["rate"], line.invoice_id) == (line.tax_rate, note.invoice_id)
                assert abs(row["tax"] - round(row["net"] * line.tax_rate / 10_000)) <= 1
                gone[line.pk] += row["net"] + row["tax"]
            assert note.tax_amount == sum(row["tax"] for row in note.lines)
            content = credit_note_content(note=note, invoice=note.invoice, lines=[])
            rates = {row["rate"] for row in note.lines}
            assert len(content["rates"]) == len(rates)
        for key, amount in gone.items():
            total = lines[key].net_amount + lines[key].tax_amount
            assert 0 <= amount / total <= 1, (amount, total)


@pytest.fixture
def steps(organization):
    """Return a product that was bought, then changed to a dearer plan where something else holds for VAT."""

    def made(moves=None, *, first=BEFORE, then=AFTER, price=10_000):
        fill_cart(organization, make_plan(prices={("CHF", 12): 10_000}), months=12, name="Shop", at=first)
        with tenant_scope(organization.pk):
            address = default_address(organization=organization)
        order = reread_order(confirm_cart(organization, address=address, at=first), organization)
        pay_invoice(order.invoice, at=first)
        product = reread(order.lines.all()[0].product, organization)
        if moves:
            move(organization, **moves)
        dearer = make_plan(prices={("CHF", 12): price})
        done = change(organization, product, then, plan=dearer)
        return product, done

    return made


@pytest.mark.parametrize("price", [12_000, 20_000, 31_337])
def test_a_rate_that_rose_between_two_invoices(organization, steps, price):
    """BIL-6: 7.7 % was paid for the first, 8.1 % for the second; all of it goes back as it came."""
    product, second = steps(price=price)
    with tenant_scope(organization.pk):
        kept = {line.tax_rate for line in InvoiceLine.objects.all()}
    assert kept == {770, 810}
    at = AFTER + timedelta(seconds=1)
    cheap = make_plan(prices={("CHF", 12): 1})
    last = change(organization, product, at, plan=cheap)
    assert last.surplus_amount > second.due_amount
    check_lines(organization)
    with tenant_scope(organization.pk):
        assert prepaid_balance(organization=organization).amount == last.surplus_amount
        assert sum(CreditNote.objects.values_list("total_amount", flat=True)) == last.surplus_amount
        # Of the days from the change on nothing is left but what the cheap plan costs, with its VAT.
        used = InvoiceLine.objects.get(invoice__origin="order")
        first = Invoice.objects.get(origin="order")
    back = credited(organization)
    left = {
        rate: tuple(one - other for one, other in zip(sums, back.get(rate, (0, 0)), strict=True))
        for rate, sums in billed(organization).items()
    }
    # 7.7 %: the three months that were used. 8.1 %: the cheap plan, of which nothing is a cent of VAT.
    assert abs(left[770][0] - used.net_amount * 92 / 366) <= 1
    assert abs(left[770][1] - left[770][0] * 0.077) <= 1
    assert left[810][1] == 0
    assert 0 <= left[810][0] <= 1
    with tenant_scope(organization.pk):
        posted = Counter()
        for kind, amount in Entry.objects.values_list("account__kind", "amount"):
            posted[kind] += amount
        assert posted[AccountKind.TAX] == sum(tax for _net, tax in left.values())
        assert get_refundable(invoice=first).left.amount <= first.total_amount
    assert {found.comparison for found in find_differences()} <= {"clearing"}


@pytest.mark.parametrize(
    ("here", "there"), [({"country": "US"}, {"country": "CH"}), ({"country": "CH"}, {"country": "US"})]
)
def test_a_buyer_who_moved_between_two_invoices(organization, steps, here, there):
    """BIL-6: what was billed without VAT goes back without it, whatever holds for the other invoice."""
    move(organization, **here)
    product, _second = steps(there, price=15_000, first=AFTER - timedelta(days=31))
    with tenant_scope(organization.pk):
        assert {line.tax_rate for line in InvoiceLine.objects.all()} == {0, 810}
    change(organization, product, AFTER + timedelta(seconds=1), plan=make_plan(prices={("CHF", 12): 1}))
    check_lines(organization)
    with tenant_scope(organization.pk):
        notes = {note.invoice.origin: note for note in CreditNote.objects.select_related("invoice")}
    assert (notes["order"].tax_amount == 0) == (here["country"] == "US")
    assert {found.comparison for found in find_differences()} <= {"clearing"}


def test_vat_alone_goes_from_one_rate_to_the_other(organization, steps):
    """BIL-6: nothing is left of the second invoice; its VAT is still put right, by a credit note over 0."""
    product, _second = steps(price=20_000)
    middle = make_plan(prices={("CHF", 12): 9_000})
    change(organization, product, AFTER + timedelta(seconds=1), plan=middle)
    change(organization, product, AFTER + timedelta(seconds=2), plan=make_plan(prices={("CHF", 12): 1}))
    check_lines(organization)
    back = credited(organization)
    left = {rate: sums[1] - back.get(rate, (0, 0))[1] for rate, sums in billed(organization).items()}
    assert left[810] == 0
    used = billed(organization)[770][0] - back.get(770, (0, 0))[0]
    assert abs(left[770] - used * 0.077) <= 1
    with tenant_scope(organization.pk):
        assert 0 in CreditNote.objects.values_list("total_amount", flat=True)
    assert {found.comparison for found in find_differences()} <= {"clearing"}
