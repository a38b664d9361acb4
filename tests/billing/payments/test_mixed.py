"""Part of an invoice from the prepaid account, the rest by another means, in two phases (BIL-3, BIL-16)."""

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse

from billing.gateway.vocabulary import MeansKind
from billing.invoices.services import cancel_invoice
from billing.invoices.status import InvoiceStatus
from billing.ledger.models import AccountKind
from billing.payments.balance import part_from_balance
from billing.payments.models import PaymentAttempt
from billing.payments.periodic import drain_stale_attempts
from billing.payments.services import (
    cancel_attempt,
    charge_off_session,
    pay_from_prepaid,
    pay_with_method,
    refresh_attempt,
    start_payment,
)
from billing.payments.status import AttemptStatus
from billing.prepaid.selectors import prepaid_balance
from billing.reservations.selectors import reserved_for
from billing.reservations.services import release_reservations, reserve_transfer
from manager.kit.money import Money
from manager.kit.scope import tenant_scope
from tests.factories.amounts import chf
from tests.factories.cast import client_of
from tests.factories.payments import (
    ACTOR,
    entries_of,
    fill_prepaid,
    make_method,
    make_order_invoice,
    now,
    open_checkout,
    provider,
)
from tests.factories.products import reread
from tests.isolation.world import make_token

BALANCE = 4000


@pytest.fixture
def invoice(organization):
    invoice, _product = make_order_invoice(organization)
    fill_prepaid(organization, BALANCE)
    return invoice


@pytest.fixture(autouse=True)
def scope(organization):
    with tenant_scope(organization.pk):
        yield


def start(invoice, kind="card"):
    return start_payment(
        invoice=invoice,
        kinds=(MeansKind(kind),),
        save_means=False,
        language="en",
        actor=ACTOR,
        at=now(),
        uses_balance=True,
    )


def balance(organization):
    return prepaid_balance(organization=organization).amount


@pytest.mark.parametrize("verb", [pay_with_method, charge_off_session])
def test_a_saved_means_pays_what_the_balance_does_not(psp, organization, invoice, verb):
    """BIL-3: on- and off-session; the ledger shows both parts, and nothing stays set aside."""
    method = make_method(organization)
    attempt = verb(invoice=invoice, method=method, actor=ACTOR, at=now(), uses_balance=True)
    rest = invoice.total_amount - BALANCE
    assert (attempt.status, attempt.amount) == (AttemptStatus.SUCCEEDED, rest)
    paid = reread(invoice, organization)
    assert (paid.status, paid.paid_with) == (InvoiceStatus.PAID, "Prepaid account + Visa •••• 4242")
    assert [charge["amount"] for charge in provider().charges()] == [rest]
    assert entries_of(organization, AccountKind.PROVIDER) == [-rest]
    assert entries_of(organization, AccountKind.RECEIVABLE) == [-invoice.total_amount, BALANCE, rest]
    assert entries_of(organization, AccountKind.RESERVED) == [BALANCE, -BALANCE]
    assert part_from_balance(attempt) == Money(BALANCE, "CHF")
    assert balance(organization) == 0


@pytest.mark.parametrize("kind", ["card", "twint", "paypal"])
def test_the_page_of_the_provider_takes_the_rest(psp, organization, invoice, kind):
    """BIL-3: asked for twice it is one page; until it is paid the part is set aside."""
    attempt = start(invoice, kind)
    assert start(invoice, kind) == attempt
    assert reserved_for(invoice=invoice) == Money(BALANCE, "CHF")
    provider().pay_checkout(attempt.redirect_url, method=kind)
    assert refresh_attempt(attempt=attempt, actor=ACTOR, at=now()).status == AttemptStatus.SUCCEEDED
    assert reread(invoice, organization).status == InvoiceStatus.PAID
    assert balance(organization) == 0


def test_a_refused_rest_gives_the_balance_back(psp, organization, invoice):
    """BIL-16: at once, and the next try takes it again."""
    method = make_method(organization, "pm_card_chargeCustomerFail")
    attempt = pay_with_method(invoice=invoice, method=method, actor=ACTOR, at=now(), uses_balance=True)
    assert attempt.status == AttemptStatus.FAILED
    assert balance(organization) == BALANCE
    assert part_from_balance(attempt) == Money(0, "CHF")
    second = pay_with_method(
        invoice=invoice, method=make_method(organization), actor=ACTOR, at=now(), uses_balance=True
    )
    assert second.status == AttemptStatus.SUCCEEDED
    assert balance(organization) == 0


def test_an_abandoned_page_gives_the_balance_back(psp, organization, invoice):
    """BIL-16: the person cancels, chooses otherwise, or the invoice is cancelled."""
    cancel_attempt(attempt=start(invoice), actor=ACTOR, at=now())
    assert balance(organization) == BALANCE
    start(invoice)
    assert balance(organization) == 0
    open_checkout(invoice)
    assert (balance(organization), reserved_for(invoice=invoice).amount) == (BALANCE, 0)
    attempt = start(invoice)
    cancel_invoice(invoice=invoice, actor=ACTOR, at=now())
    assert balance(organization) == BALANCE
    provider().pay_checkout(attempt.redirect_url)
    refresh_attempt(attempt=attempt, actor=ACTOR, at=now())
    assert balance(organization) == invoice.total_amount, "the late charge is kept beside it"


def test_a_lost_answer_keeps_the_part_until_the_janitor_knows(psp, organization, invoice):
    """BIL-16: nobody gives back what may be needed."""
    method = make_method(organization)
    call = {"method": "POST", "path": "/v1/payment_intents"}
    provider().faults({"match": call, "kind": "answer_lost_after_success"})
    attempt = pay_with_method(invoice=invoice, method=method, actor=ACTOR, at=now(), uses_balance=True)
    assert attempt.status == AttemptStatus.UNKNOWN
    assert (balance(organization), reserved_for(invoice=invoice).amount) == (0, BALANCE)
    drain_stale_attempts(at=now() + timedelta(minutes=3))
    assert reread(invoice, organization).status == InvoiceStatus.PAID
    assert entries_of(organization, AccountKind.RESERVED) == [BALANCE, -BALANCE]


def test_a_charge_that_arrives_after_it_was_given_up_becomes_balance(psp, organization, invoice):
    """BIL-16: the rest alone does not pay the invoice, and no money is lost."""
    attempt = start(invoice)
    PaymentAttempt.objects.filter(organization_id=organization.pk).update(status="cancelled")
    release_reservations(invoice=invoice, at=now(), attempt_id=attempt.pk)
    provider().pay_checkout(attempt.redirect_url)
    late = refresh_attempt(attempt=attempt, actor=ACTOR, at=now())
    assert late.is_credited
    assert balance(organization) == invoice.total_amount
    assert reread(invoice, organization).status == InvoiceStatus.DRAFT


def test_what_a_transfer_paid_is_not_charged_again(psp, organization, invoice):
    """BIL-17: the rest of a part payment is what the invoice still costs."""
    reserve_transfer(invoice=invoice, money=Money(5000, "CHF"), key="transfer:1", actor=ACTOR, at=now())
    fill_prepaid(organization, 20_000)
    attempt = pay_from_prepaid(invoice=invoice, actor=ACTOR, at=now())
    assert attempt.amount == invoice.total_amount - 5000
    assert reread(invoice, organization).paid_with == "Bank transfer + Prepaid account"


def test_leaves_the_means_a_sum_that_it_takes(psp, organization, invoice):
    """BIL-3: nothing below 0.50; where the balance pays all, no means is charged."""
    fill_prepaid(organization, invoice.total_amount - BALANCE - 20)
    method = make_method(organization)
    attempt = pay_with_method(invoice=invoice, method=method, actor=ACTOR, at=now(), uses_balance=True)
    assert (attempt.amount, balance(organization)) == (50, 30)
    other, _product = make_order_invoice(organization)
    fill_prepaid(organization, other.total_amount)
    whole = pay_with_method(invoice=other, method=method, actor=ACTOR, at=now(), uses_balance=True)
    assert (whole.way, whole.amount) == ("prepaid", other.total_amount)


def test_the_page_and_the_api_offer_it(psp, organization, owner, invoice):
    """BIL-3, API-1: the box is there only while the balance pays a part."""
    page = client_of(owner)
    url = reverse("billing:pay_invoice", args=[organization.pk, invoice.pk])
    assert 'name="balance"' in page.get(url).content.decode()
    method = make_method(organization)
    done = page.post(url, {"choice": f"method-{method.pk}", "balance": "on"}, follow=True)
    assert "from the prepaid account" in done.content.decode()
    assert reread(invoice, organization).status == InvoiceStatus.PAID
    other, _product = make_order_invoice(organization)
    assert 'name="balance"' not in page.get(url.replace(str(invoice.pk), str(other.pk))).content.decode()
    fill_prepaid(organization, 1000)
    token = make_token(owner, scopes=("billing:read", "billing:write"), bound=organization.pk)[1]
    answer = Client().post(
        f"/api/1/organizations/{organization.pk}/invoices/{other.pk}/pay",
        {"method": method.pk, "use_balance": True},
        content_type="application/json",
        headers={"Authorization": f"Bearer {token}"},
    )
    assert answer.status_code == 201, answer.content
    assert answer.json()["data"]["from_balance"] == chf(1000)
