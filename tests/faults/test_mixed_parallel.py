"""Balance and another means for one invoice, from everywhere at once: no cent twice, none lost (BIL-16)."""

import pytest

from billing.gateway.vocabulary import ChargeResult, ChargeState
from billing.invoices.services import cancel_invoice
from billing.invoices.status import InvoiceStatus
from billing.ledger.models import AccountKind
from billing.payments.errors import PaymentInProgress
from billing.payments.models import PaymentAttempt, Way
from billing.payments.services.begin import Plan, begin_payment, begin_top_up
from billing.payments.services.settle import settle_attempt
from billing.payments.services.settle_by_transfer import settle_by_transfer
from billing.payments.status import AttemptStatus
from billing.proof.services import find_differences
from manager.kit.errors import DomainError
from manager.kit.money import Money
from manager.kit.scope import tenant_scope
from tests.factories.billing import make_invoice
from tests.factories.cast import make_tenant
from tests.factories.payments import ACTOR, entries_of, fill_prepaid, now
from tests.factories.products import reread
from tests.factories.together import all_at_once, at_once

BALANCE = 4_000
TOP_UPS, SUM = 50, 137


@pytest.fixture
def organization():
    organization = make_tenant()
    fill_prepaid(organization, BALANCE)
    return organization


def begin(invoice):
    """Return a way to begin a payment on a page, with a part from the balance."""

    def act():
        with tenant_scope(invoice.organization_id):
            plan = Plan(way=Way.CHECKOUT, gateway="stripe", uses_balance=True)
            return begin_payment(invoice=invoice, plan=plan, actor=ACTOR, at=now())

    return act


def end(attempt, state):
    """Return a way to record what the provider says of it."""

    def act():
        with tenant_scope(attempt.organization_id):
            result = ChargeResult(state=state, reference=f"pi_{attempt.pk}", amount=attempt.money)
            return settle_attempt(attempt=attempt, result=result, actor=ACTOR, at=now())

    return act


def cancel(invoice):
    def act():
        with tenant_scope(invoice.organization_id):
            return cancel_invoice(invoice=invoice, actor=ACTOR, at=now())

    return act


def held(organization):
    """Return the balance, and what is set aside of it."""
    return tuple(sum(entries_of(organization, kind)) for kind in (AccountKind.PREPAID, AccountKind.RESERVED))


def test_of_many_payments_of_an_invoice_one_sets_its_part_aside(organization):
    """BIL-3: the others are told that one is under way."""
    invoice = make_invoice(organization)
    assert at_once(8, begin(invoice), refusal=PaymentInProgress) == 1
    assert held(organization) == (0, BALANCE)


def test_two_invoices_share_the_balance_that_there_is(organization):
    """BIL-7: the first takes it, the others are charged in full."""
    invoices = [make_invoice(organization) for _number in range(4)]
    attempts = all_at_once(*[begin(invoice) for invoice in invoices])
    owed = sum(invoice.total_amount for invoice in invoices)
    assert sum(attempt.amount for attempt in attempts) == owed - BALANCE
    assert held(organization) == (0, BALANCE)
    all_at_once(*[end(attempt, ChargeState.SUCCEEDED) for attempt in attempts for _twice in range(2)])
    assert {reread(invoice, organization).status for invoice in invoices} == {InvoiceStatus.PAID}
    assert held(organization) == (0, 0)
    assert sum(entries_of(organization, AccountKind.PROVIDER)) == BALANCE - owed
    assert find_differences() == []


@pytest.mark.parametrize("round_", range(3))
def test_a_payment_that_begins_while_the_invoice_is_cancelled_holds_nothing_back(organization, round_):
    """PRD-4: whoever is first, the balance is whole again."""
    invoice = make_invoice(organization)
    begun, _cancelled = all_at_once(begin(invoice), cancel(invoice))
    assert reread(invoice, organization).status == InvoiceStatus.CANCELLED
    assert isinstance(begun, DomainError | PaymentAttempt)
    assert held(organization) == (BALANCE, 0)


def test_a_charge_that_ends_in_several_ways_at_once_keeps_every_cent(organization):
    """PRD-6: paid on its page, refused, paid by transfer and cancelled in the same moment."""
    invoice = make_invoice(organization)
    attempt = begin(invoice)()
    acts = [end(attempt, ChargeState.SUCCEEDED), end(attempt, ChargeState.FAILED), cancel(invoice)]

    def transfer():
        with tenant_scope(organization.pk):
            return settle_by_transfer(
                invoice=invoice, money=invoice.total, reference="by-hand", actor=ACTOR, at=now()
            )

    all_at_once(*acts, transfer)
    with tenant_scope(organization.pk):
        assert PaymentAttempt.objects.get().status == AttemptStatus.SUCCEEDED
    present = reread(invoice, organization)
    paid = present.total_amount if present.status == InvoiceStatus.PAID else 0
    came = -sum(sum(entries_of(organization, kind)) for kind in (AccountKind.PROVIDER, AccountKind.BANK))
    balance, reserved = held(organization)
    assert (balance + paid, reserved) == (came, 0)
    assert find_differences() == []


def test_fifty_top_ups_at_once_are_their_sum(organization):
    """BIL-7, BIL-15: each counts once, though the provider and the person's return tell of it."""
    with tenant_scope(organization.pk):
        plan = Plan(way=Way.CHECKOUT, gateway="stripe")
        attempts = [
            begin_top_up(
                organization_id=organization.pk,
                money=Money(SUM + number, "CHF"),
                description="",
                plan=plan,
                actor=ACTOR,
                at=now(),
            )
            for number in range(TOP_UPS)
        ]
    all_at_once(*[end(attempt, ChargeState.SUCCEEDED) for attempt in attempts])
    all_at_once(*[end(attempt, ChargeState.SUCCEEDED) for attempt in attempts[:5] for _twice in range(2)])
    assert held(organization) == (BALANCE + sum(attempt.amount for attempt in attempts), 0)
    assert find_differences() == []
