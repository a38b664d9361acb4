"""Where money is that came when a pro forma or an invoice needed it no more (PRD-6, BIL-17)."""

import pytest

from billing.bank.models import StatementEntry
from billing.bank.services import take_back_transfer
from billing.invoices.models import Invoice
from billing.invoices.services import cancel_invoice, finalize_invoice, void_invoice
from billing.orders.services import cancel_order
from billing.payments.models import PaymentAttempt
from billing.payments.services import refresh_attempt
from billing.payments.status import AttemptStatus
from manager.kit.scope import tenant_scope
from tests.factories.bank import bring, line, make_bank, reference_to
from tests.factories.billing import ACTOR, AT, make_invoice
from tests.factories.cast import client_of
from tests.factories.orders import make_order
from tests.factories.payments import now, open_checkout, provider
from tests.factories.products import reread
from tests.factories.tokens import token_client

TITLE = "Payment that was no longer needed"


@pytest.fixture
def bank():
    return make_bank()


def send(bank, invoice, amount, number, **more):
    reference = reference_to("invoice", invoice.pk, entity=bank)
    bring(line(amount, reference, bank_reference=number, end_to_end=f"E{number}", **more))


def end(verb, invoice, **more):
    with tenant_scope(invoice.organization_id):
        verb(invoice=Invoice.objects.get(pk=invoice.pk), actor=ACTOR, at=AT, **more)


def told(owner, invoice):
    """Return what the page and the API say of late money: whether there is any, and minor units."""
    path = f"/o/{invoice.organization_id}/billing/invoices/{invoice.pk}/"
    page = client_of(owner).get(path)
    api = f"/api/1/organizations/{invoice.organization_id}/invoices/{invoice.pk}"
    amount = token_client(owner, "billing:read").get(api).json()["data"]["late_to_balance"]
    html = page.content.decode()
    assert (TITLE in html) == bool(page.context["page"].late)
    assert amount == page.context["page"].late.as_dict()
    if page.context["page"].late:
        assert f"{page.context['page'].late.format()} came when nothing was to be paid here any more" in html
        assert f'href="/o/{invoice.organization_id}/billing/prepaid/"' in html
    return amount["amount"]


def test_nothing_came_late(bank, organization, owner):
    """BIL-17: neither what pays, nor a part that waits, nor what lies over the sum and is told there."""
    waiting, paid = make_invoice(organization), make_invoice(organization)
    send(bank, waiting, 700, "1")
    send(bank, paid, paid.total_amount + 50, "2")
    assert (told(owner, waiting), told(owner, paid)) == (0, 0)


def test_a_transfer_for_a_cancelled_pro_forma_is_balance(bank, organization, owner):
    """PRD-6: the part that was there before as well; what another one got is not told here."""
    invoice, other = make_invoice(organization), make_invoice(organization)
    send(bank, invoice, 700, "1")
    end(cancel_invoice, invoice)
    assert told(owner, invoice) == 700
    send(bank, invoice, 800, "2")
    assert (told(owner, invoice), told(owner, other)) == (1_500, 0)


def test_a_transfer_for_what_is_paid_or_void_is_balance(bank, organization, owner):
    """BIL-16: somebody sent it twice, or after the invoice was taken back."""
    paid, void = make_invoice(organization), make_invoice(organization)
    for number in ("1", "2"):
        send(bank, paid, paid.total_amount, number)
    end(finalize_invoice, void)
    end(void_invoice, void, reason="Wrong")
    send(bank, void, 900, "3")
    assert (told(owner, paid), told(owner, void)) == (paid.total_amount, 900)


def test_what_the_bank_took_back_is_not_balance_any_more(bank, organization, owner):
    """BIL-17: neither a late transfer nor a part that was set aside once."""
    invoice = make_invoice(organization)
    send(bank, invoice, 700, "1")
    end(cancel_invoice, invoice)
    send(bank, invoice, 800, "2")
    for number, amount, left in (("1", 700, 800), ("2", 800, 0)):
        reference = reference_to("invoice", invoice.pk, entity=bank)
        bring(
            line(
                amount,
                reference,
                bank_reference=f"R{number}",
                end_to_end=f"E{number}",
                is_credit=False,
                is_reversal=True,
            )
        )
        back = StatementEntry.objects.filter(is_reversal=True).latest("pk")
        take_back_transfer(entry=back, actor=ACTOR, at=AT)
        assert told(owner, invoice) == left


def test_a_card_that_paid_a_cancelled_order_is_told_on_order_and_pro_forma(psp, organization, owner):
    """PRD-6: with what the ledger has, and the way to the balance."""
    order = make_order(organization)
    attempt = open_checkout(order.invoice)
    provider().pay_checkout(attempt.redirect_url)
    with tenant_scope(organization.pk):
        PaymentAttempt.objects.filter(pk=attempt.pk).update(status=AttemptStatus.CANCELLED)
        cancel_order(order=order, actor=ACTOR, at=now())
        refresh_attempt(attempt=reread(attempt, organization), actor=ACTOR, at=now())
    assert told(owner, order.invoice) == order.invoice.total_amount
    html = client_of(owner).get(f"/o/{organization.pk}/billing/orders/{order.pk}/").content.decode()
    assert f"{order.invoice.total.format()} came when nothing was to be paid here any more" in html


def test_the_page_asks_as_often_for_much_late_money(bank, organization, owner, query_count):
    """BIL-17: a constant number of queries."""
    invoice = make_invoice(organization)
    end(cancel_invoice, invoice)
    page, path = client_of(owner), f"/o/{organization.pk}/billing/invoices/{invoice.pk}/"
    counts = []
    for number in range(1, 4):
        send(bank, invoice, 100, str(number))
        page.get(path)
        with query_count() as seen:
            page.get(path)
        counts.append(seen.count)
    assert counts == [counts[0]] * 3
