"""What is given back is credited on the invoices that were paid for it (PRD-14, BIL-14)."""

from datetime import timedelta

from billing.changes.services import accept_change, quote_change
from billing.changes.status import ChangeStatus
from billing.invoices.models import CreditNote
from billing.prepaid.selectors import prepaid_balance
from billing.proof.services import find_differences
from manager.kit.scope import tenant_scope
from tests.billing.changes.conftest import BOUGHT
from tests.factories.billing import ACTOR, pay_invoice
from tests.factories.products import make_plan, reread


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
    assert len(notes) > 1
    assert sum(note.total_amount for note in notes) == done.surplus_amount
    assert all(note.total_amount <= note.invoice.total_amount for note in notes)
    # The payments of this test have no provider whose clearing they could be compared with.
    assert {found.comparison for found in find_differences()} <= {"clearing"}
