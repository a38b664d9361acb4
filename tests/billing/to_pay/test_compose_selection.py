"""Whatever is selected becomes one invoice (BIL-2)."""

from datetime import date

import pytest

from billing.invoices.models import Invoice
from billing.invoices.selectors import list_lines
from billing.invoices.services import PeriodAlreadyBilled, finalize_invoice
from billing.invoices.status import InvoiceStatus
from billing.payments.services import InvoiceNotPayable, pay_from_prepaid
from billing.payments.status import AttemptStatus
from billing.to_pay.errors import NothingSelected, NumberedPaidAlone
from billing.to_pay.services import DueChoice, compose_selection, release_selection
from manager.kit.clock import add_months
from manager.kit.errors import NotFound
from manager.kit.scope import tenant_scope
from products.catalog.selectors import PriceNotFound
from products.inventory.status import ProductStatus
from tests.factories.billing import make_legal_entity
from tests.factories.cast import make_tenant
from tests.factories.payments import ACTOR, fill_prepaid, make_order_invoice, now, open_checkout
from tests.factories.products import make_plan, make_product, reread


@pytest.fixture
def organization():
    make_legal_entity()
    return make_tenant()


def compose(organization, choices=(), invoices=()):
    with tenant_scope(organization.pk):
        return compose_selection(
            organization=organization,
            choices=[DueChoice(product.pk, months) for product, months in choices],
            invoice_ids=[invoice.pk for invoice in invoices],
            actor=ACTOR,
            at=now(),
        )


def release(invoice):
    with tenant_scope(invoice.organization_id):
        return release_selection(invoice=invoice, actor=ACTOR, at=now())


def test_renews_two_products_and_pays_an_order_with_one_invoice(organization):
    """BIL-2: each with its own period, in one payment."""
    first, second = make_product(organization), make_product(organization)
    before = first.expires_on
    draft, ordered = make_order_invoice(organization)
    invoice = compose(organization, [(first, 12), (second, 24)], [draft])
    with tenant_scope(organization.pk):
        assert len(list_lines(invoice=invoice)) == 3
    fill_prepaid(organization, 200_000)
    with tenant_scope(organization.pk):
        assert pay_from_prepaid(invoice=invoice, actor=ACTOR, at=now()).status == AttemptStatus.SUCCEEDED
    assert reread(first, organization).expires_on == add_months(before, 12, anchor=first.anchor_day)
    assert reread(second, organization).expires_on == add_months(before, 24, anchor=first.anchor_day)
    assert reread(ordered, organization).status == ProductStatus.ACTIVE
    old = reread(draft, organization)
    assert (old.status, old.replaced_by_id) == (InvoiceStatus.CANCELLED, invoice.pk)


def test_uses_the_price_of_the_chosen_period(organization):
    """INC-27: the server's price, whatever the client sends."""
    product = make_product(organization, quantity=3)
    invoice = compose(organization, [(product, 24)])
    assert invoice.net_amount == 24_000 * 3


def test_gives_the_same_invoice_when_asked_twice(organization):
    """BIL-16."""
    product = make_product(organization)
    draft, _ = make_order_invoice(organization)
    first = compose(organization, [(product, 12)], [draft])
    assert compose(organization, [(product, 12)], [draft]).pk == first.pk


def test_a_single_invoice_is_paid_as_it_is(organization):
    """BIL-2."""
    draft, _ = make_order_invoice(organization)
    assert compose(organization, invoices=[draft]).pk == draft.pk


def test_an_issued_invoice_is_not_mixed_with_others(organization):
    """BIL-5: it never changes."""
    draft, _ = make_order_invoice(organization)
    with tenant_scope(organization.pk):
        issued = finalize_invoice(invoice=draft, actor=ACTOR, at=now())
    with pytest.raises(NumberedPaidAlone):
        compose(organization, [(make_product(organization), 12)], [issued])


def test_a_day_is_not_billed_twice(organization):
    """BIL-16."""
    product = make_product(organization)
    compose(organization, [(product, 12)])
    with pytest.raises(PeriodAlreadyBilled):
        compose(organization, [(product, 24)])


def test_refuses_nothing_strange_and_foreign_things(organization):
    """INC-1, INC-27."""
    stranger = make_tenant()
    foreign = make_product(stranger)
    foreign_draft, _ = make_order_invoice(stranger)
    plan = make_plan(prices={("CHF", 12): 1000})
    product = make_product(organization, plan=plan)
    with pytest.raises(NothingSelected):
        compose(organization)
    with pytest.raises(NotFound):
        compose(organization, [(foreign, 12)])
    with pytest.raises(NotFound):
        compose(organization, [(product, 12)], [foreign_draft])
    with pytest.raises(NotFound):
        compose(organization, [(product, 12), (product, 12)])
    with pytest.raises(PriceNotFound):
        compose(organization, [(product, 24)])
    assert reread(foreign_draft, stranger).status == InvoiceStatus.DRAFT


def test_closes_the_page_of_a_draft_that_goes_into_another(psp, organization):
    """BIL-16: nobody can pay the old one any more."""
    draft, _ = make_order_invoice(organization)
    attempt = open_checkout(draft)
    compose(organization, [(make_product(organization), 12)], [draft])
    assert reread(attempt, organization).status == AttemptStatus.CANCELLED


def test_takes_a_selection_apart_again(organization):
    """BIL-2: drafts come back with their origin; products are due again."""
    product = make_product(organization)
    draft, _ = make_order_invoice(organization)
    selection = compose(organization, [(product, 12)], [draft])
    (back,) = release(selection)
    assert (back.origin, back.origin_key, back.total_amount) == (
        draft.origin,
        draft.origin_key,
        draft.total_amount,
    )
    assert reread(selection, organization).status == InvoiceStatus.CANCELLED
    assert reread(draft, organization).replaced_by_id == back.pk
    again = compose(organization, [(product, 12)], [back])
    assert reread(draft, organization).replaced_by_id == again.pk
    (third,) = release(again)
    with tenant_scope(organization.pk):
        assert Invoice.objects.filter(status=InvoiceStatus.DRAFT).get().pk == third.pk


def test_a_paid_selection_is_not_taken_apart(organization):
    """BIL-5."""
    product = make_product(organization)
    selection = compose(organization, [(product, 12)])
    fill_prepaid(organization, 200_000)
    with tenant_scope(organization.pk):
        pay_from_prepaid(invoice=selection, actor=ACTOR, at=now())
    with pytest.raises(InvoiceNotPayable):
        release(selection)


def test_an_issued_selection_stays_with_the_payment_that_is_under_way(psp, organization):
    """BIL-5: what is refused gives up no payment first."""
    selection = compose(organization, [(make_product(organization), 12)])
    with tenant_scope(organization.pk):
        finalize_invoice(invoice=selection, actor=ACTOR, at=now())
        issued = Invoice.objects.get(pk=selection.pk)
    attempt = open_checkout(issued)
    with pytest.raises(InvoiceNotPayable):
        release(issued)
    assert reread(attempt, organization).status == attempt.status != AttemptStatus.CANCELLED


def test_is_due_when_the_first_of_its_things_is(organization):
    """BIL-2."""
    product = make_product(organization)
    draft, _ = make_order_invoice(organization)
    selection = compose(organization, [(product, 12)], [draft])
    assert selection.due_on == min(draft.due_on, product.expires_on)
    assert isinstance(selection.due_on, date)


def test_free_products_alone_go_on_at_once(organization):
    """BIL-2: an invoice over nothing waits for no payment."""
    product = make_product(organization, plan=make_plan(prices={("CHF", 12): 0}))
    before = product.expires_on
    assert compose(organization, [(product, 12)]).status == InvoiceStatus.PAID
    assert reread(product, organization).expires_on == add_months(before, 12)
