"""What pays beside the planned means: the next one on the last day, the balance first (BIL-3, BIL-9)."""

import threading

import pytest

from billing.ledger.models import AccountKind
from billing.payments.models import PaymentAttempt
from billing.prepaid.automatic import Wish, change_settings
from billing.renewals.charging import drain_charges
from billing.renewals.models import RenewalPreference
from tests.factories.cast import make_tenant
from tests.factories.payments import (
    ACTOR,
    close_connections,
    entries_of,
    fill_prepaid,
    make_method,
    now,
    provider,
)
from tests.factories.products import reread
from tests.factories.renewals import days_before, mails_called, make_renewing, plan, read, renewals_of, run
from tests.fixtures.waiting import count_waiting, wait_until


@pytest.fixture
def organization(psp):
    return make_tenant()


def attempts_of(organization):
    return read(lambda: list(PaymentAttempt.objects.order_by("pk")), organization)


def balance_of(organization):
    return sum(entries_of(organization, AccountKind.PREPAID))


def refuse(method, code):
    provider().set_means(method.reference, behaviour=f"decline_charge:{code}")


def use_balance(organization):
    wish = Wish(pays_renewals=True)
    read(lambda: change_settings(organization=organization, wish=wish, actor=ACTOR, at=now()), organization)


def test_on_the_last_day_the_next_means_pays(organization):
    """BIL-9, BIL-11: four soft refusals are told; the fifth is not, as the second card pays at once."""
    first, second = (make_method(organization, card) for card in ("pm_card_visa", "pm_card_mastercard"))
    refuse(first, "insufficient_funds")
    product = make_renewing(organization)
    for count in (14, 7, 3, 1, 0):
        run(days_before(count))
    tried = [(row.method_id, row.status) for row in attempts_of(organization)]
    assert tried == [(first.pk, "failed")] * 5 + [(second.pk, "succeeded")]
    assert (len(mails_called("payment_failed")), len(mails_called("invoice_paid"))) == (4, 1)
    assert reread(product, organization).expires_on.year == 2028


def test_all_refused_on_the_last_day_is_told_once(organization):
    """BIL-11: one message for the day, and no day after it."""
    methods = [make_method(organization, card) for card in ("pm_card_visa", "pm_card_mastercard")]
    for method in methods:
        refuse(method, "insufficient_funds")
    make_renewing(organization)
    for count in (14, 7, 3, 1, 0):
        run(days_before(count))
    assert len(attempts_of(organization)) == 6
    assert len(mails_called("payment_failed")) == 5
    assert [row.next_attempt_on for row in renewals_of(organization)] == [None]


def test_the_balance_pays_first_where_it_was_chosen(organization):
    """BIL-3: the means is charged the rest."""
    make_method(organization)
    fill_prepaid(organization, 1_000)
    use_balance(organization)
    make_renewing(organization)
    run(days_before(14))
    (attempt,) = attempts_of(organization)
    (renewal,) = renewals_of(organization)
    assert (attempt.status, attempt.amount) == ("succeeded", renewal.invoice.total_amount - 1_000)
    assert balance_of(organization) == 0


def test_the_balance_comes_back_when_the_means_is_refused(organization):
    """BIL-3, BIL-7."""
    refuse(make_method(organization), "insufficient_funds")
    fill_prepaid(organization, 1_000)
    use_balance(organization)
    make_renewing(organization)
    run(days_before(14))
    assert [row.status for row in attempts_of(organization)] == ["failed"]
    assert balance_of(organization) == 1_000


def test_a_balance_that_covers_it_pays_alone(organization):
    """BIL-7: the card is not charged."""
    make_method(organization)
    fill_prepaid(organization, 100_000)
    use_balance(organization)
    make_renewing(organization)
    run(days_before(14))
    assert [(row.way, row.status) for row in attempts_of(organization)] == [("prepaid", "succeeded")]
    assert provider().charges() == []


def test_without_the_choice_the_balance_is_left_alone(organization):
    """BIL-3."""
    make_method(organization)
    fill_prepaid(organization, 1_000)
    make_renewing(organization)
    run(days_before(14))
    assert balance_of(organization) == 1_000


def test_who_finds_the_balance_taken_at_the_same_moment_is_charged_by_card(
    organization, settings, superuser_connection
):
    """BIL-3, BIL-11: two invoices, a balance for one; the card of the other was refused by nobody."""
    settings.CHARGES_AT_ONCE = 2
    first, second = (make_method(organization, card) for card in ("pm_card_visa", "pm_card_mastercard"))
    products = [make_renewing(organization) for _ in range(2)]
    for product, method in zip(products, (first, second), strict=True):
        read(
            lambda product=product, method=method: RenewalPreference.objects.create(
                organization=organization, product=product, method=method
            ),
            organization,
        )
    assert len({invoice.total_amount for invoice in plan(organization, days_before(14))}) == 1
    total = renewals_of(organization)[0].invoice.total_amount
    fill_prepaid(organization, total + 100)
    use_balance(organization)

    superuser_connection.execute("begin")
    superuser_connection.execute("select 1 from billing_account where kind = 'prepaid' for update")
    worker = threading.Thread(target=lambda: (drain_charges(at=days_before(14)), close_connections()))
    worker.start()
    try:
        wait_until(lambda: count_waiting(superuser_connection) == 2)
    finally:
        superuser_connection.execute("commit")
        worker.join()
    tried = sorted((row.way, row.status, row.decline_code, row.amount) for row in attempts_of(organization))
    assert tried == [
        ("off_session", "succeeded", "", total - 100),
        ("prepaid", "succeeded", "", total),
    ]
    assert balance_of(organization) == 0


def test_on_the_last_day_another_means_pays_where_a_bank_wants_an_approval(organization):
    """BIL-9, BIL-11: it was asked for four times; on the last day the second card pays without asking."""
    cards = ("pm_card_authenticationRequired", "pm_card_mastercard")
    first, second = (make_method(organization, card) for card in cards)
    product = make_renewing(organization)
    for count in (14, 7, 3, 1, 0):
        run(days_before(count))
    tried = [(row.method_id, row.status) for row in attempts_of(organization)]
    assert tried == [(first.pk, "cancelled")] * 5 + [(second.pk, "succeeded")]
    assert len(provider().charges()) == 1
    assert (len(mails_called("payment_requires_action")), len(mails_called("invoice_paid"))) == (4, 1)
    assert reread(product, organization).expires_on.year == 2028
