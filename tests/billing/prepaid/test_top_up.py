"""The prepaid account: top up, limits, movements (BIL-7)."""

from html import unescape

import pytest
from django.db import IntegrityError
from django.urls import reverse

from billing.gateway.vocabulary import MeansKind
from billing.ledger.models import AccountKind
from billing.payments.errors import PaymentInProgress
from billing.payments.models import PaymentAttempt, Way
from billing.payments.services.begin import Plan, begin_top_up
from billing.payments.status import AttemptStatus
from billing.prepaid.selectors import list_prepaid_movements, prepaid_balance
from billing.prepaid.services import CurrencyNotYours, TopUpOutOfRange, top_up
from manager.kit.money import Money
from manager.kit.scope import tenant_scope
from tests.factories.cast import client_of, make_person, make_tenant
from tests.factories.payments import ACTOR, entries_of, fill_prepaid, now, provider


@pytest.fixture
def page(owner):
    return client_of(owner)


def account(organization):
    return reverse("billing:prepaid", args=[organization.pk])


def send(page, organization, **fields):
    return page.post(reverse("billing:top_up", args=[organization.pk]), {"kind": "card", **fields})


def test_tops_up_on_the_page_of_the_provider(psp, organization, page):
    """BIL-7: paid once, however often the person comes back."""
    away = send(page, organization, amount="50.05")
    back = provider().pay_checkout(away.url)
    for _again in range(3):
        page.get(back)
    with tenant_scope(organization.pk):
        assert prepaid_balance(organization=organization) == Money(5005, "CHF")
        assert PaymentAttempt.objects.get().status == AttemptStatus.SUCCEEDED
    assert entries_of(organization, AccountKind.PREPAID) == [5005]
    text = unescape(page.get(account(organization)).content.decode())
    assert "Top-up" in text
    assert "50.05" in text


@pytest.mark.parametrize(
    "amount", ["0.09", "0", "-5", "9999.01", "1e9", "0.105", "", "abc", "9" * 400, "NaN", "Infinity", "\x00"]
)
def test_refuses_sums_outside_the_limits(organization, page, amount):
    """BIL-7: 0.10 to 9,999, told beside the field."""
    answer = send(page, organization, amount=amount)
    assert answer.status_code == 422
    with tenant_scope(organization.pk):
        assert not PaymentAttempt.objects.exists()


def test_takes_the_upper_limit_itself(psp, organization, page):
    """BIL-7."""
    assert send(page, organization, amount="9999").status_code == 302


def test_tells_when_the_provider_takes_no_sum_so_small(psp, organization, page):
    """BIL-7: 0.10 is allowed, though cards begin at 0.50; nothing stays open."""
    answer = send(page, organization, amount="0.10")
    assert answer.status_code == 422
    assert "does not take so small" in unescape(answer.content.decode())
    with tenant_scope(organization.pk):
        assert PaymentAttempt.objects.get().status == AttemptStatus.FAILED


@pytest.mark.parametrize(
    ("money", "error"),
    [
        (Money(9, "CHF"), TopUpOutOfRange),
        (Money(999_901, "CHF"), TopUpOutOfRange),
        (Money(1000, "EUR"), CurrencyNotYours),
    ],
)
def test_the_verb_holds_the_limits_as_well(organization, money, error):
    """BIL-7: on every way in."""
    with tenant_scope(organization.pk), pytest.raises(error):
        top_up(
            organization=organization, money=money, kind=MeansKind.CARD, language="en", actor=ACTOR, at=now()
        )


def test_refuses_a_kind_that_is_not_offered(organization, page):
    """BIL-3: TWINT in CHF only."""
    assert send(page, organization, amount="10", kind="iban").status_code == 422
    owner = make_person()
    abroad = make_tenant(owner, country="DE")
    assert send(client_of(owner), abroad, amount="10", kind="twint").status_code == 422


def test_lists_movements_page_by_page(organization):
    """BIL-7: every movement is listed."""
    for amount in range(1, 31):
        fill_prepaid(organization, amount)
    with tenant_scope(organization.pk):
        first = list_prepaid_movements(organization=organization)
        rest = list_prepaid_movements(organization=organization, after=first.next_cursor)
    assert [len(first.movements), len(rest.movements)] == [25, 5]
    assert first.movements[0].money.amount == 30
    assert rest.next_cursor is None


@pytest.mark.parametrize("after", ["x", "-1", "9" * 30, "\x00"])
def test_survives_strange_cursors(organization, page, after):
    """No 500 for any address."""
    assert page.get(account(organization), {"after": after}).status_code == 200


@pytest.mark.parametrize("money", [Money(0, "CHF"), Money(-1, "CHF")])
def test_a_fault_is_not_told_as_a_payment_in_progress(organization, money):
    """BIL-16: only what the database lets begin once means that another one is under way."""
    plan = Plan(way=Way.CHECKOUT, gateway="stripe")
    with tenant_scope(organization.pk), pytest.raises(IntegrityError):
        begin_top_up(
            organization_id=organization.pk, money=money, description="", plan=plan, actor=ACTOR, at=now()
        )


def test_one_begins_under_one_name(organization):
    """API-5, BIL-16."""
    plan = Plan(way=Way.CHECKOUT, gateway="stripe", request_key="once")
    wish = {"money": Money(500, "CHF"), "description": "", "plan": plan, "actor": ACTOR, "at": now()}
    with tenant_scope(organization.pk):
        begin_top_up(organization_id=organization.pk, **wish)
        with pytest.raises(PaymentInProgress):
            begin_top_up(organization_id=organization.pk, **wish)
