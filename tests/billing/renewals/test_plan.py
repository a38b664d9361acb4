"""Planning: one invoice per organization, day, means, address and currency (BIL-11, BIL-16)."""

import threading
from datetime import UTC, date, datetime, timedelta

import psycopg
import pytest

from billing.invoices.models import Invoice, InvoiceLine
from billing.invoices.services import finalize_invoice
from billing.renewals.models import RenewalPreference
from billing.renewals.periodic import drain_renewals
from billing.renewals.services import prefer_method, switch_off
from billing.to_pay.services import DueChoice, compose_selection
from manager.kit.scope import tenant_scope
from products.inventory.services import set_auto_renew
from tests.factories.billing import make_address, pay_invoice
from tests.factories.cast import make_tenant
from tests.factories.payments import close_connections, make_method
from tests.factories.products import make_plan
from tests.factories.renewals import (
    ACTOR,
    EXPIRY,
    days_before,
    make_card,
    make_renewing,
    plan,
    read,
    renewals_of,
)


@pytest.fixture
def organization():
    organization = make_tenant()
    make_card(organization)
    return organization


def lines_of(organization):
    return read(
        lambda: sorted(
            tuple(sorted(Invoice.objects.get(pk=pk).lines.values_list("product_id", flat=True)))
            for pk in Invoice.objects.exclude(status="cancelled").values_list("pk", flat=True)
        ),
        organization,
    )


class TestGrouping:
    def test_one_invoice_for_all_of_a_day(self, organization):
        """BIL-11."""
        products = [make_renewing(organization) for _ in range(3)]
        [invoice] = plan(organization, days_before(14))
        assert lines_of(organization) == [tuple(product.pk for product in products)]
        assert (invoice.origin, invoice.due_on, invoice.status) == ("renewal", EXPIRY, "draft")

    def test_another_day_is_another_invoice(self, organization):
        """BIL-11."""
        first = make_renewing(organization)
        later = make_renewing(organization, at=datetime(2026, 1, 16, 10, tzinfo=UTC))
        plan(organization, days_before(13))
        assert lines_of(organization) == [(first.pk,), (later.pk,)]

    def test_another_means_is_another_invoice(self, organization):
        """BIL-11."""
        first, second = make_renewing(organization), make_renewing(organization)
        other = make_card(organization)
        with tenant_scope(organization.pk):
            prefer_method(product=second, method=other, actor=ACTOR, at=days_before(100))
        plan(organization, days_before(14))
        assert lines_of(organization) == [(first.pk,), (second.pk,)]
        assert [row.method_id for row in renewals_of(organization)][1] == other.pk

    def test_another_address_is_another_invoice(self, organization):
        """BIL-11."""
        first, second = make_renewing(organization), make_renewing(organization)
        address = make_address(organization)
        with tenant_scope(organization.pk):
            RenewalPreference.objects.create(organization=organization, product=second, address=address)
        invoices = plan(organization, days_before(14))
        assert lines_of(organization) == [(first.pk,), (second.pk,)]
        assert {invoice.billing_address_id for invoice in invoices} == {None, address.pk}

    def test_other_organizations_in_other_currencies_are_apart(self, organization):
        """BIL-11."""
        german = make_tenant(name="Muster GmbH", country="DE", time_zone="Europe/Berlin")
        make_card(german)
        make_renewing(organization)
        make_renewing(german)
        assert [invoice.currency for invoice in plan(organization, days_before(14))] == ["CHF"]
        assert [invoice.currency for invoice in plan(german, days_before(14))] == ["EUR"]


class TestDays:
    def test_is_not_early(self, organization):
        """BIL-11: 14 days before expiry, not 15."""
        make_renewing(organization)
        assert plan(organization, days_before(15)) == []
        assert len(plan(organization, days_before(14))) == 1

    @pytest.mark.parametrize(
        ("zone", "begins"),
        [
            ("Pacific/Kiritimati", datetime(2026, 12, 31, 10, tzinfo=UTC)),
            ("Europe/Zurich", datetime(2026, 12, 31, 23, tzinfo=UTC)),
            ("America/Los_Angeles", datetime(2027, 1, 1, 8, tzinfo=UTC)),
        ],
    )
    def test_begins_with_the_day_of_the_organizations_zone(self, zone, begins):
        """PRD-8: days are dates in the organization's zone; the drain finds them from the first second on."""
        tenant = make_tenant(time_zone=zone)
        make_card(tenant)
        product = make_renewing(tenant)
        assert product.expires_on == EXPIRY if zone != "Pacific/Kiritimati" else date(2027, 1, 16)
        begins += product.expires_on - EXPIRY
        drain_renewals(at=begins - timedelta(seconds=1))
        assert renewals_of(tenant) == []
        drain_renewals(at=begins)
        assert [row.product_id for row in renewals_of(tenant)] == [product.pk]

    def test_what_is_overdue_is_planned_at_once(self, organization):
        """BIL-11: after an outage nothing is left out."""
        make_renewing(organization)
        plan(organization, days_before(2))
        assert [row.next_attempt_on for row in renewals_of(organization)] == [days_before(2).date()]


class TestOnce:
    def test_planned_again_gives_nothing(self, organization):
        """BIL-16."""
        make_renewing(organization)
        plan(organization, days_before(14))
        assert plan(organization, days_before(14)) == []
        assert plan(organization, days_before(3)) == []

    def test_two_planners_at_once_plan_once(self, organization):
        """BIL-16: any number of workers at the same time."""
        for _ in range(5):
            make_renewing(organization)
        start, planned, failures = threading.Barrier(4), [], []

        def work():
            try:
                start.wait()
                planned.extend(plan(organization, days_before(14)))
            except Exception as error:  # noqa: BLE001  (shown by the test)
                failures.append(error)
            finally:
                close_connections()

        threads = [threading.Thread(target=work) for _ in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert failures == []
        assert len(planned) == 1
        assert len(renewals_of(organization)) == 5

    def test_leaves_a_product_on_an_issued_invoice_alone(self, organization):
        """BIL-16."""
        product = make_renewing(organization)
        with tenant_scope(organization.pk):
            invoice = compose_selection(
                organization=organization,
                choices=[DueChoice(product.pk, 12)],
                invoice_ids=[],
                actor=ACTOR,
                at=days_before(20),
            )
            finalize_invoice(invoice=invoice, actor=ACTOR, at=days_before(20))
        drain_renewals(at=days_before(14))
        assert renewals_of(organization) == []

    def test_leaves_a_product_that_was_paid_ahead_alone(self, organization):
        """BIL-16: it expires a year later now."""
        product = make_renewing(organization)
        with tenant_scope(organization.pk):
            invoice = compose_selection(
                organization=organization,
                choices=[DueChoice(product.pk, 12)],
                invoice_ids=[],
                actor=ACTOR,
                at=days_before(20),
            )
        pay_invoice(invoice, at=days_before(20))
        drain_renewals(at=days_before(14))
        assert renewals_of(organization) == []

    def test_the_database_refuses_a_day_twice(self, organization, as_role):
        """INC-26: also past the code, by SQL."""
        product = make_renewing(organization)
        [invoice] = plan(organization, days_before(14))
        worker = as_role("worker")
        insert = (
            "insert into billing_renewal (organization_id, product_id, period, months, status, invoice_id,"
            " attempts, created_at) values (%s, %s, daterange(%s, %s), 1, 'planned', %s, 0, now())"
        )
        facts = (organization.pk, product.pk, EXPIRY + timedelta(days=364), EXPIRY + timedelta(days=400))
        with worker.transaction():
            worker.execute("select set_config('app.organization', %s, true)", [str(organization.pk)])
            with pytest.raises(psycopg.errors.ExclusionViolation), worker.transaction():
                worker.execute(insert, [*facts, invoice.pk])
            adjoining = (
                organization.pk,
                product.pk,
                EXPIRY + timedelta(days=365),
                EXPIRY + timedelta(days=400),
            )
            worker.execute(insert, [*adjoining, invoice.pk])


class TestSelections:
    @pytest.fixture
    def selection(self, organization):
        product = make_renewing(organization)
        with tenant_scope(organization.pk):
            return compose_selection(
                organization=organization,
                choices=[DueChoice(product.pk, 24)],
                invoice_ids=[],
                actor=ACTOR,
                at=days_before(14) - timedelta(hours=2),
            )

    def test_an_abandoned_selection_gives_way(self, psp, organization, selection):
        """BIL-11: the renewal comes before an unpaid selection."""
        make_method(organization)
        drain_renewals(at=days_before(14))
        assert len(renewals_of(organization)) == 1
        assert read(lambda: Invoice.objects.get(pk=selection.pk).status, organization) == "cancelled"

    def test_a_person_who_is_choosing_is_not_interrupted(self, psp, organization, selection):
        """BIL-2: made within the last hour."""
        drain_renewals(at=days_before(14) - timedelta(hours=1, minutes=30))
        assert renewals_of(organization) == []
        assert read(lambda: Invoice.objects.get(pk=selection.pk).status, organization) == "draft"

    def test_a_refused_renewal_in_a_selection_stays_there_until_its_next_day(self, psp, organization):
        """BIL-2: what is paid together waits for the person, not for the engine."""
        product = make_renewing(organization)
        [draft] = plan(organization, days_before(14))
        with tenant_scope(organization.pk):
            from billing.renewals.services import fail_renewals

            fail_renewals(
                invoice=draft, decline_kind="soft", decline_code="x", actor=ACTOR, at=days_before(14)
            )
            other = make_renewing(organization, at=datetime(2026, 6, 1, tzinfo=UTC))
            selection = compose_selection(
                organization=organization,
                choices=[DueChoice(other.pk, 12)],
                invoice_ids=[draft.pk],
                actor=ACTOR,
                at=days_before(12),
            )
        drain_renewals(at=days_before(9))
        assert read(lambda: Invoice.objects.get(pk=selection.pk).status, organization) == "draft"
        pay_invoice(selection, at=days_before(9))
        with tenant_scope(organization.pk):
            product.refresh_from_db()
        assert product.expires_on == date(2028, 1, 15)


class TestWhatCannotBeCharged:
    def test_without_means_nothing_is_planned(self):
        """BIL-12: the contacts are reminded instead."""
        bare = make_tenant()
        make_renewing(bare)
        assert plan(bare, days_before(14)) == []

    def test_without_a_price_the_others_are_planned(self, organization):
        """BIL-11."""
        unsold = make_plan(prices={("EUR", 12): 100})
        make_renewing(organization, plan=unsold)
        product = make_renewing(organization)
        plan(organization, days_before(14))
        assert lines_of(organization) == [(product.pk,)]

    def test_switched_off_nothing_is_planned(self, organization):
        """BIL-10."""
        product = make_renewing(organization)
        with tenant_scope(organization.pk):
            switch_off(product=product, actor=ACTOR, at=days_before(30))
        assert plan(organization, days_before(14)) == []

    def test_the_price_is_that_of_all_units(self, organization):
        """BIL-4."""
        make_renewing(organization, quantity=3)
        [invoice] = plan(organization, days_before(14))
        line = read(lambda: InvoiceLine.objects.get(invoice=invoice), organization)
        assert (line.unit_amount, line.quantity, line.net_amount) == (12_000, 3, 36_000)


def test_the_flag_alone_does_not_charge_after_a_crash(organization):
    """BIL-10: a switch put off whose worker died before taking the draft back."""
    product, other = make_renewing(organization), make_renewing(organization)
    plan(organization, days_before(14))
    with tenant_scope(organization.pk):
        set_auto_renew(product=product, on=False, actor=ACTOR, at=days_before(14))
    from billing.renewals.periodic import _plan, _take_back

    assert _take_back(days_before(14)) == 1
    assert _plan(days_before(14)) == 1
    live = [row.product_id for row in renewals_of(organization) if row.status != "cancelled"]
    assert live == [other.pk]
