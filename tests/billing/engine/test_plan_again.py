"""A renewal that gave nothing is due again: planned and charged anew, on an invoice of its own (BIL-16)."""

import pytest

from billing.engine.periodic import drain_renewals
from billing.engine.services import plan_due
from billing.invoices.models import Invoice, InvoiceLine
from billing.invoices.services import cancel_invoice, finalize_invoice, void_invoice
from billing.payments.models import PaymentAttempt
from billing.proof.services import find_differences
from billing.refunds.periodic import drain_refunds
from billing.refunds.services.refund import Destination, Wish, refund_invoice
from billing.renewals.services import take_back
from billing.runs.models import QuarantinedRow, Run
from billing.to_pay.services import DueChoice, compose_selection
from manager.outbox.relay import drain_outbox
from products.inventory.services import restore_product, set_auto_renew, terminate_product
from tests.factories.billing import pay_invoice
from tests.factories.cast import make_tenant
from tests.factories.payments import make_method, provider
from tests.factories.products import make_plan, reread
from tests.factories.renewals import ACTOR, days_before, make_renewing, plan, read, renewals_of

DUE = days_before(14)


@pytest.fixture
def organization(psp):
    organization = make_tenant()
    make_method(organization)
    return organization


@pytest.fixture
def product(organization):
    return make_renewing(organization, plan=make_plan(cooling_off_days=30))


def fresh(invoice, organization):
    """Return the row with its organization and seller, as the verbs take it."""
    return read(
        lambda: Invoice.objects.select_related("organization", "legal_entity").get(pk=invoice.pk),
        organization,
    )


def pay_and_give_back(organization, product, invoice, *, at):
    """The product ends while its payment is under way; staff give the money back, and it is restored."""
    ended = read(
        lambda: terminate_product(product=reread(product, organization), by_wish=True, actor=ACTOR, at=at),
        organization,
    )
    pay_invoice(fresh(invoice, organization), at=at)
    drain_outbox(at=at)
    paid = fresh(invoice, organization)
    wish = Wish(parts={}, amount=paid.total_amount, destination=Destination.PREPAID, reason="It had ended")
    read(lambda: refund_invoice(invoice=paid, wish=wish, key="a" * 32, actor=ACTOR, at=at), organization)
    drain_refunds(at=at)
    drain_outbox(at=at)
    restored = read(lambda: restore_product(product=ended, actor=ACTOR, at=at), organization)
    read(lambda: set_auto_renew(product=restored, on=True, actor=ACTOR, at=at), organization)
    return reread(product, organization)


def test_after_a_refund_it_is_charged_anew(organization, product):
    """BIL-11, BIL-14: the same product, the same expiry, and not the invoice that was given back."""
    (first,) = plan(organization, DUE)
    again = pay_and_give_back(organization, product, first, at=DUE)
    assert again.expires_on == product.expires_on
    for _time in range(4):
        plan_due(at=DUE)
    second = read(lambda: Invoice.objects.exclude(pk=first.pk).get(), organization)
    assert (second.status, second.total_amount) == ("draft", first.total_amount)
    assert [row.status for row in renewals_of(organization)] == ["cancelled", "planned"]
    drain_renewals(at=DUE)
    drain_outbox(at=DUE)
    attempts = read(lambda: list(PaymentAttempt.objects.values_list("invoice", "status")), organization)
    assert attempts == [(second.pk, "succeeded")]
    assert [charge["amount"] for charge in provider().charges()] == [second.total_amount]
    assert reread(product, organization).expires_on.year == product.expires_on.year + 1
    assert [row.status for row in renewals_of(organization)] == ["cancelled", "settled"]
    assert not QuarantinedRow.objects.using("system").exists()
    # The first payment was made without a provider; all else agrees.
    assert {found.comparison for found in find_differences()} == {"clearing"}


def test_what_was_given_stays_renewed_after_a_refund(organization, product):
    """BIL-14: where the customer keeps the days, nothing is charged for them again."""
    (first,) = plan(organization, DUE)
    pay_invoice(fresh(first, organization), at=DUE)
    drain_outbox(at=DUE)
    paid = fresh(first, organization)
    wish = Wish(parts={}, amount=paid.total_amount, destination=Destination.PREPAID, reason="Out of goodwill")
    read(lambda: refund_invoice(invoice=paid, wish=wish, key="b" * 32, actor=ACTOR, at=DUE), organization)
    drain_refunds(at=DUE)
    drain_outbox(at=DUE)
    assert plan_due(at=DUE) == 0
    assert [row.status for row in renewals_of(organization)] == ["settled"]


def test_after_it_was_taken_back_it_is_planned_anew(organization, product):
    """BIL-11: as often as it is."""
    for _time in range(2):
        (draft,) = plan(organization, DUE)
        draft = fresh(draft, organization)
        read(lambda row=draft: take_back(invoice=row, actor=ACTOR, at=DUE), organization)
    plan(organization, DUE)
    assert [row.status for row in renewals_of(organization)] == ["cancelled", "cancelled", "planned"]
    assert Run.objects.filter(failed__gt=0).count() == 0


def test_after_its_invoice_was_issued_and_voided_it_is_planned_anew(organization, product):
    """BIL-5: a voided invoice keeps its number, and its cause is free."""
    (first,) = plan(organization, DUE)
    read(lambda: finalize_invoice(invoice=fresh(first, organization), actor=ACTOR, at=DUE), organization)
    issued = fresh(first, organization)
    read(lambda: void_invoice(invoice=issued, reason="Wrong", actor=ACTOR, at=DUE), organization)
    drain_outbox(at=DUE)
    (second,) = plan(organization, DUE)
    assert second.pk != first.pk
    assert [row.status for row in renewals_of(organization)] == ["cancelled", "planned"]
    assert not QuarantinedRow.objects.using("system").exists()


def test_who_selects_it_again_after_a_refund_gets_a_new_invoice(organization, product):
    """BIL-2: not the one that was paid and given back."""

    def select():
        return read(
            lambda: compose_selection(
                organization=organization,
                choices=[DueChoice(product.pk, 12)],
                invoice_ids=[],
                actor=ACTOR,
                at=days_before(40),
            ),
            organization,
        )

    first = select()
    assert select() == first
    pay_and_give_back(organization, product, first, at=days_before(40))
    second = select()
    assert (second.pk != first.pk, second.status) == (True, "draft")
    assert read(lambda: InvoiceLine.objects.get(invoice=second).product_id, organization) == product.pk


def test_after_a_selection_with_its_draft_was_cancelled_it_is_planned_anew(organization, product):
    """BIL-2, BIL-11: cancelled by a person, not taken apart; nothing of it may stay behind unpaid."""
    (first,) = plan(organization, DUE)
    other = make_renewing(organization, plan=product.plan)
    read(
        lambda: cancel_invoice(
            invoice=compose_selection(
                organization=organization,
                choices=[DueChoice(other.pk, 24)],
                invoice_ids=[first.pk],
                actor=ACTOR,
                at=DUE,
            ),
            actor=ACTOR,
            at=DUE,
        ),
        organization,
    )
    drain_outbox(at=DUE)
    (second,) = plan(organization, DUE)
    assert {row.product_id for row in renewals_of(organization) if row.invoice_id == second.pk} == {
        product.pk,
        other.pk,
    }
    assert [row.status for row in renewals_of(organization)] == ["cancelled", "planned", "planned"]
