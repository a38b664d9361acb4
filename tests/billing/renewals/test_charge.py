"""Charging: once per scheduled day and means, whoever comes, and what follows (BIL-11, BIL-16)."""

import re
import threading
from datetime import date, timedelta

import pytest

from billing.engine.periodic import drain_renewals
from billing.gateway.vocabulary import ChargeResult, ChargeState
from billing.invoices.models import Invoice
from billing.payment_methods.services import remove_method, set_default, use_prepaid
from billing.payments.models import PaymentAttempt
from billing.payments.services import settle_attempt
from billing.payments.status import AttemptStatus
from billing.renewals.services import charge_renewals
from manager.kit.money import Money
from manager.kit.scope import tenant_scope
from tests.factories.cast import make_tenant
from tests.factories.payments import (
    close_connections,
    fill_prepaid,
    make_method,
    open_checkout,
    provider,
)
from tests.factories.products import make_plan, reread
from tests.factories.renewals import (
    ACTOR,
    EXPIRY,
    choose_means,
    days_before,
    mails_called,
    make_renewing,
    plan,
    read,
    renewals_of,
    run,
)

pytestmark = pytest.mark.usefixtures("psp")
NEXT_YEAR = date(2028, 1, 15)


@pytest.fixture
def organization():
    return make_tenant()


def attempts_of(organization):
    return read(lambda: list(PaymentAttempt.objects.order_by("pk")), organization)


def refuse(method, code):
    provider().set_means(method.reference, behaviour=f"decline_charge:{code}")


def days_left(organization):
    """Return for each open renewal how many days before the expiry it is tried next."""
    return [
        (EXPIRY - row.next_attempt_on).days if row.next_attempt_on else None
        for row in renewals_of(organization)
        if row.status in {"planned", "failed"}
    ]


class TestSuccess:
    def test_charges_extends_numbers_and_mails_once(self, organization):
        """BIL-11."""
        make_method(organization)
        products = [make_renewing(organization), make_renewing(organization)]
        run(days_before(14))
        run(days_before(14) + timedelta(hours=3))
        assert [entry["amount"] for entry in provider().charges()] == [25_944]
        assert [reread(product, organization).expires_on for product in products] == [NEXT_YEAR] * 2
        assert {row.status for row in renewals_of(organization)} == {"settled"}
        assert len(mails_called("invoice_paid")) == 1
        assert mails_called("payment_failed") == []

    def test_workers_at_once_make_one_charge(self, organization):
        """BIL-16."""
        make_method(organization)
        make_renewing(organization)
        [invoice] = plan(organization, days_before(14))
        start, failures = threading.Barrier(5), []

        def work():
            try:
                with tenant_scope(organization.pk):
                    start.wait()
                    mine = Invoice.objects.select_related("organization").get(pk=invoice.pk)
                    charge_renewals(
                        invoice=mine, today=days_before(14).date(), actor=ACTOR, at=days_before(14)
                    )
            except Exception as error:  # noqa: BLE001  (shown by the test)
                failures.append(error)
            finally:
                close_connections()

        threads = [threading.Thread(target=work) for _ in range(5)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert failures == []
        assert len(provider().charges()) == 1
        assert len(attempts_of(organization)) == 1

    def test_the_prepaid_account_pays_too(self, organization):
        """BIL-7, BIL-10."""
        with tenant_scope(organization.pk):
            use_prepaid(organization=organization, actor=ACTOR, at=days_before(50))
        fill_prepaid(organization, 20_000)
        product = make_renewing(organization)
        run(days_before(14))
        assert reread(product, organization).expires_on == NEXT_YEAR
        assert provider().charges() == []


class TestSoft:
    def test_is_tried_on_the_days_of_the_schedule_only(self, organization):
        """BIL-11: 14, 7, 3, 1 days before and on the day; each failure is one mail."""
        method = make_method(organization)
        refuse(method, "insufficient_funds")
        make_renewing(organization)
        tried = []
        for count in range(15, -3, -1):
            before = len(attempts_of(organization))
            run(days_before(count))
            run(days_before(count) + timedelta(hours=1))
            if len(attempts_of(organization)) > before:
                tried.append(count)
        assert tried == [14, 7, 3, 1, 0]
        assert len(attempts_of(organization)) == 5
        told = [
            re.search(r"We try again on ([\w ,.]+)\. You|This was the last try", mail.text)
            for mail in mails_called("payment_failed")
        ]
        days = ["Jan. 8, 2027", "Jan. 12, 2027", "Jan. 14, 2027", "Jan. 15, 2027", None]
        assert [found and found.group(1) for found in told] == days

    def test_is_not_repeated_before_it_is_heard_of(self, organization):
        """BIL-11: a second worker comes before the event of the refusal was relayed."""
        refuse(make_method(organization), "insufficient_funds")
        make_renewing(organization)
        for minutes in (0, 1, 600):
            drain_renewals(at=days_before(14) + timedelta(minutes=minutes))
        assert [attempt.status for attempt in attempts_of(organization)] == [AttemptStatus.FAILED]

    def test_succeeds_on_the_second_day(self, organization):
        """BIL-11: one failure mailed, then one success; never both for one attempt."""
        method = make_method(organization)
        refuse(method, "insufficient_funds")
        product = make_renewing(organization)
        run(days_before(14))
        assert days_left(organization) == [7]
        assert (len(mails_called("payment_failed")), len(mails_called("invoice_paid"))) == (1, 0)
        provider().set_means(method.reference, behaviour="ok")
        run(days_before(7))
        assert reread(product, organization).expires_on == NEXT_YEAR
        assert (len(mails_called("payment_failed")), len(mails_called("invoice_paid"))) == (1, 1)
        assert len(provider().charges()) == 1

    def test_an_empty_prepaid_account_is_tried_once_a_day(self, organization):
        """BIL-7, BIL-11."""
        with tenant_scope(organization.pk):
            use_prepaid(organization=organization, actor=ACTOR, at=days_before(50))
        make_renewing(organization)
        drain_renewals(at=days_before(14))
        drain_renewals(at=days_before(14))
        assert [attempt.decline_code for attempt in attempts_of(organization)] == ["insufficient_balance"]

    def test_a_missing_approval_is_tried_again_later(self, organization):
        """BIL-11: a mail with a link at each try, and one charge open at most."""
        make_method(organization, "pm_card_authenticationRequired")
        make_renewing(organization)
        run(days_before(14))
        assert days_left(organization) == [7]
        run(days_before(7))
        assert [attempt.status for attempt in attempts_of(organization)] == [
            AttemptStatus.CANCELLED,
            AttemptStatus.REQUIRES_ACTION,
        ]
        assert len(mails_called("payment_requires_action")) == 2


class TestHard:
    @pytest.fixture
    def lost(self, organization):
        method = make_method(organization)
        refuse(method, "lost_card")
        return method

    @pytest.mark.parametrize("code", ["lost_card", "stolen_card", "expired_card"])
    def test_is_not_tried_again(self, organization, code):
        """BIL-11: the card is asked about once, and the person for another means, once."""
        refuse(make_method(organization), code)
        make_renewing(organization)
        for count in (14, 7, 3, 1):
            run(days_before(count))
        assert (len(attempts_of(organization)), days_left(organization)) == (1, [None])
        assert ["We try again on" in mail.text for mail in mails_called("payment_failed")] == [False]

    def test_another_means_for_the_product_is_tried_the_same_day(self, organization, lost):
        """BIL-11."""
        product = make_renewing(organization)
        run(days_before(14))
        other = make_method(organization, "pm_card_mastercard")
        with tenant_scope(organization.pk):
            choose_means(product=product, method=other, actor=ACTOR, at=days_before(14))
        run(days_before(14) + timedelta(hours=1))
        assert reread(product, organization).expires_on == NEXT_YEAR
        assert len(provider().charges()) == 1

    def test_another_default_is_tried_the_same_day(self, organization, lost):
        """BIL-11: after the person has chosen another default."""
        product = make_renewing(organization)
        run(days_before(14))
        other = make_method(organization, "pm_card_mastercard")
        with tenant_scope(organization.pk):
            set_default(method=other, actor=ACTOR, at=days_before(12))
        run(days_before(12))
        assert reread(product, organization).expires_on == NEXT_YEAR

    def test_another_means_for_one_of_two_splits_their_invoice(self, organization, lost):
        """BIL-9, BIL-11: another means is another invoice; the lost card's own is charged to the next one."""
        first, second = make_renewing(organization), make_renewing(organization)
        run(days_before(14))
        other = make_method(organization, "pm_card_mastercard")
        with tenant_scope(organization.pk):
            choose_means(product=first, method=other, actor=ACTOR, at=days_before(12))
        run(days_before(12))
        assert reread(first, organization).expires_on == NEXT_YEAR
        assert reread(second, organization).expires_on == NEXT_YEAR
        assert [entry["amount"] for entry in provider().charges()] == [12_972, 12_972]

    def test_a_removed_means_gives_way_to_the_default(self, organization, lost):
        """BIL-9, BIL-10."""
        product = make_renewing(organization)
        plan(organization, days_before(14))
        make_method(organization, "pm_card_mastercard")
        with tenant_scope(organization.pk):
            remove_method(method=lost, actor=ACTOR, at=days_before(14))
        run(days_before(14))
        assert reread(product, organization).expires_on == NEXT_YEAR


def test_a_person_on_the_payment_page_is_not_interrupted(organization):
    """BIL-16: the engine comes back when the hour has passed."""
    make_method(organization)
    make_renewing(organization)
    [invoice] = plan(organization, days_before(14))
    page = open_checkout(invoice, save_means=False)
    read(lambda: PaymentAttempt.objects.update(created_at=days_before(14)), organization)
    drain_renewals(at=days_before(14))
    assert reread(page, organization).status == AttemptStatus.REQUIRES_ACTION
    drain_renewals(at=days_before(14) + timedelta(minutes=61))
    assert reread(page, organization).status == AttemptStatus.CANCELLED
    assert len(provider().charges()) == 1


def test_an_ended_product_is_not_charged(organization):
    """PRD-8: what was terminated costs nothing any more."""
    method = make_method(organization)
    refuse(method, "insufficient_funds")
    product = make_renewing(organization)
    for count in (14, 0, -31):
        run(days_before(count))
    assert reread(product, organization).status == "terminated"
    assert {row.status for row in renewals_of(organization)} == {"cancelled"}
    assert read(lambda: set(Invoice.objects.values_list("status", flat=True)), organization) == {"cancelled"}


def test_money_that_could_not_settle_is_not_taken_again_each_day(organization):
    """BIL-16: it lies on the prepaid account; a draft that stayed open is no reason for another charge."""
    make_renewing(organization)
    make_method(organization)
    [invoice] = plan(organization, days_before(14))
    attempt = open_checkout(invoice)
    with tenant_scope(organization.pk):
        other_sum = ChargeResult(
            state=ChargeState.SUCCEEDED,
            reference=attempt.reference,
            amount=Money(invoice.total_amount - 1, invoice.currency),
        )
        settle_attempt(attempt=attempt, result=other_sum, actor=ACTOR, at=days_before(14))
    for days in (13, 12, 11):
        run(days_before(days))
    assert provider().charges() == []
    assert len(attempts_of(organization)) == 1


def test_a_free_product_goes_on_without_a_charge(organization):
    """BIL-11: there is nothing to pay for, and nothing is lost for want of a payment."""
    make_method(organization)
    product = make_renewing(organization, plan=make_plan(prices={("CHF", 12): 0}))
    run(days_before(14))
    assert reread(product, organization).expires_on == NEXT_YEAR
    assert {row.status for row in renewals_of(organization)} == {"settled"}
    assert provider().charges() == []
