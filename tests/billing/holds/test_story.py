"""A suspicious order is paid and held; it is released, or its money goes back (PRD-5)."""

from datetime import timedelta

import pytest

from accounts.identity.models import IdentityCase
from accounts.identity.services.closing import close
from accounts.identity.services.review import approve_case
from accounts.identity.status import CaseStatus
from billing.holds.periodic import drain_holds
from billing.holds.rights import LOOK_AFTER_ORDERS
from billing.holds.services import ask_again, refuse_hold, release_hold
from billing.holds.services.ask import CheckUnderReview, SentJustNow
from billing.holds.services.decide import HoldDecided, ReasonNeeded
from billing.holds.services.hold import ANSWER_WITHIN
from billing.holds.status import Decision, HoldStatus
from billing.invoices.models import CreditNote
from billing.invoices.status import InvoiceStatus
from billing.ledger.models import AccountKind
from billing.orders.services import cancel_order
from billing.orders.services.cancel import OrderIsHeld
from billing.orders.status import OrderStatus
from billing.refunds.models import Refund
from billing.refunds.periodic import drain_refunds
from billing.refunds.status import RefundStatus
from manager.kit.scope import tenant_scope
from manager.outbox.models import OutgoingMail
from manager.outbox.relay import drain_outbox
from products.inventory.status import ProductStatus
from tests.factories.billing import pay_invoice
from tests.factories.holds import STAFF, charge_order, hold_of, make_hold, place, switch_off, switch_on
from tests.factories.identity import make_staff, staff_client
from tests.factories.orders import reread_order
from tests.factories.payments import ACTOR, entries_of, fill_prepaid, now, provider
from tests.factories.products import reread


def product_of(order, organization):
    return reread_order(order, organization).lines.all()[0].product


def mails():
    return list(OutgoingMail.objects.using("system").order_by("pk").values_list("template", flat=True))


def refuse(hold, **more):
    with tenant_scope(hold.organization_id):
        return refuse_hold(
            hold=hold, decision=Decision.STAFF, reason="Stolen card", actor=STAFF, at=now(), **more
        )


def test_a_held_order_is_paid_and_its_products_wait(organization, owner):
    """PRD-5: the payment stands; the person gets a link, and never the reason."""
    hold = make_hold(organization, owner.pk)
    drain_outbox(at=now())
    order = reread_order(hold.order, organization)
    assert (order.status, order.invoice.status) == (OrderStatus.HELD, InvoiceStatus.PAID)
    assert product_of(order, organization).status == ProductStatus.PENDING
    assert hold.answer_by == hold.held_at + timedelta(days=10)
    assert hold.findings[0]["rule"] == "first_order"
    mail = OutgoingMail.objects.using("system").get(template="order_held")
    assert (mail.recipient, "first order" in mail.text) == (owner.email, False)
    assert "identity_requested" not in mails()
    with tenant_scope(organization.pk), pytest.raises(OrderIsHeld):
        cancel_order(order=order, actor=ACTOR, at=now())


def test_a_confirmed_identity_releases_it(organization, owner):
    """ACC-12, PRD-7: the products begin then, and no rule holds it again."""
    hold = make_hold(organization, owner.pk)
    drain_outbox(at=now())
    case = IdentityCase.objects.get()
    assert case.user_id == owner.pk
    IdentityCase.objects.filter(pk=case.pk).update(status=CaseStatus.SUBMITTED)
    approve_case(case=case, actor=STAFF, at=now())
    drain_outbox(at=now())
    order = reread_order(hold.order, organization)
    assert (order.status, product_of(order, organization).status) == (OrderStatus.PAID, ProductStatus.ACTIVE)
    assert hold_of(order).decision == Decision.IDENTITY
    assert "order_released" in mails()
    with tenant_scope(organization.pk), pytest.raises(HoldDecided):
        refuse_hold(hold=hold, decision=Decision.STAFF, reason="Late", actor=STAFF, at=now())


def test_staff_say_why(organization):
    """PRD-5."""
    hold = make_hold(organization)
    with tenant_scope(organization.pk):
        with pytest.raises(ReasonNeeded):
            release_hold(hold=hold, decision=Decision.STAFF, reason=" ", actor=STAFF, at=now())
        release_hold(hold=hold, decision=Decision.STAFF, reason="Known", actor=STAFF, at=now())
    assert product_of(hold.order, organization).status == ProductStatus.ACTIVE


def test_a_refused_order_is_refunded_to_the_card(psp, organization, owner):
    """PRD-5, BIL-14: in full, with a credit note, once, and told."""
    switch_on()
    order = place(organization, owner.pk)
    charge_order(order, organization)
    drain_outbox(at=now())
    refuse(hold_of(order))
    assert drain_refunds(at=now()) == 1
    assert drain_refunds(at=now()) == 0
    drain_outbox(at=now())
    total = order.invoice.total_amount
    refund = reread(Refund.objects.using("system").get(), organization)
    assert (refund.status, refund.amount) == (RefundStatus.SUCCEEDED, total)
    assert entries_of(organization, AccountKind.PROVIDER) == [-total, total]
    assert entries_of(organization, AccountKind.PREPAID) == []
    with tenant_scope(organization.pk):
        assert CreditNote.objects.get().total_amount == total
    after = reread_order(order, organization)
    assert (after.status, hold_of(order).status) == (OrderStatus.CANCELLED, HoldStatus.REFUNDED)
    assert product_of(order, organization).status == ProductStatus.TERMINATED
    assert [len(provider().charges()), sum(row["amount"] for row in refunds())] == [1, total]
    told = {mail.template: mail.text for mail in OutgoingMail.objects.using("system").all()}
    assert "to the means" in told["order_refused"]
    assert "means that it was paid with" in told["credit_note_issued"]


def refunds():
    return provider().get("/v1/refunds?limit=100")["data"]


def test_what_came_from_the_prepaid_account_goes_back_there(organization):
    """PRD-5: the balance is what it was."""
    from billing.payments.services import pay_from_prepaid

    switch_on()
    order = place(organization)
    fill_prepaid(organization, order.invoice.total_amount)
    with tenant_scope(organization.pk):
        pay_from_prepaid(invoice=order.payable, actor=ACTOR, at=now())
    refuse(hold_of(order))
    drain_refunds(at=now())
    total = order.invoice.total_amount
    assert entries_of(organization, AccountKind.PREPAID) == [total, -total, total]


def test_a_means_that_takes_nothing_back_leaves_the_money_here(psp, organization):
    """PRD-6: a refused refund becomes balance."""
    switch_on()
    order = place(organization)
    charge_order(order, organization)
    refuse(hold_of(order))
    refund = Refund.objects.using("system").get()
    with tenant_scope(organization.pk):
        from billing.gateway.vocabulary import RefundResult, RefundState
        from billing.refunds.services import settle_refund

        failed = RefundResult(state=RefundState.FAILED, failure_code="lost_or_stolen_card")
        settle_refund(refund=refund, result=failed, actor=ACTOR, at=now())
        settle_refund(refund=refund, result=failed, actor=ACTOR, at=now())
    assert entries_of(organization, AccountKind.PREPAID) == [order.invoice.total_amount]
    assert reread(refund, organization).status == RefundStatus.KEPT
    page = staff_client(make_staff(LOOK_AFTER_ORDERS)).get(f"/staff/held-orders/{hold_of(order).pk}/")
    assert "The card was reported lost or stolen." in page.content.decode()


def test_nobody_answers_for_ten_days(organization, owner):
    """PRD-5: then it is cancelled; who has sent the documents waits for staff instead."""
    hold = make_hold(organization, owner.pk)
    drain_outbox(at=now())
    late = hold.held_at + ANSWER_WITHIN
    assert drain_holds(at=late - timedelta(seconds=1)) == 0
    IdentityCase.objects.update(status=CaseStatus.SUBMITTED)
    assert drain_holds(at=late) == 0
    close(IdentityCase.objects.get(), CaseStatus.REFUSED, actor=STAFF, at=late)
    assert (drain_holds(at=late), drain_holds(at=late)) == (1, 0)
    assert hold_of(hold.order).decision == Decision.NO_ANSWER
    assert reread_order(hold.order, organization).status == OrderStatus.CANCELLED


def test_the_mail_is_sent_again_with_a_link_that_works(organization, owner):
    """PRD-5: at most every ten minutes; a new check where the former has ended."""
    hold = make_hold(organization, owner.pk)
    drain_outbox(at=now())
    with tenant_scope(organization.pk):
        with pytest.raises(SentJustNow):
            ask_again(hold=hold, actor=ACTOR, at=now())
        later = now() + timedelta(minutes=11)
        first = hold_of(hold.order).case_id
        assert ask_again(hold=hold, actor=ACTOR, at=later).case_id == first
        assert ask_again(hold=hold, actor=ACTOR, at=later + timedelta(days=4)).case_id != first
        IdentityCase.objects.update(status=CaseStatus.SUBMITTED)
        with pytest.raises(CheckUnderReview):
            ask_again(hold=hold, actor=ACTOR, at=later + timedelta(days=5))
    drain_outbox(at=later)
    assert mails().count("order_held") == 3


def test_of_a_selection_only_the_held_order_waits(organization):
    """BIL-2: the other order begins; refused, the held one's lines alone are given back."""
    from billing.to_pay.services import compose_selection

    first = place(organization)
    second = place(organization, name="second")
    with tenant_scope(organization.pk):
        selection = compose_selection(
            organization=organization,
            choices=[],
            invoice_ids=[first.invoice_id, second.invoice_id],
            actor=ACTOR,
            at=now(),
        )
    switch_on()
    pay_invoice(selection, at=now())
    held = [order for order in (first, second) if reread_order(order, organization).status == "held"]
    assert len(held) == 2  # both are first orders
    refuse(hold_of(first))
    drain_refunds(at=now())
    assert entries_of(organization, AccountKind.PREPAID)[-1] == first.invoice.total_amount
    assert product_of(second, organization).status == ProductStatus.PENDING


def test_orders_without_a_rule_begin_at_once(organization):
    """PRD-7."""
    switch_on()
    switch_off()
    order = place(organization)
    pay_invoice(order.payable, at=now())
    assert product_of(order, organization).status == ProductStatus.ACTIVE
