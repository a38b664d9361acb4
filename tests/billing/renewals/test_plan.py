"""Planning: one invoice per organization, day, means, address and currency (BIL-11, BIL-16)."""

import threading
from datetime import UTC, date, datetime, timedelta

import psycopg
import pytest

from billing.engine.periodic import drain_renewals
from billing.invoices.services import finalize_invoice
from billing.renewals.models import RenewalPreference
from billing.to_pay.services import DueChoice, compose_selection
from manager.kit.scope import tenant_scope
from tests.factories.billing import make_address, pay_invoice
from tests.factories.cast import make_tenant
from tests.factories.payments import close_connections
from tests.factories.renewals import (
    ACTOR,
    EXPIRY,
    choose_means,
    days_before,
    lines_of,
    make_card,
    make_renewing,
    plan,
    renewals_of,
)


@pytest.fixture
def organization():
    organization = make_tenant()
    make_card(organization)
    return organization


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
            choose_means(product=second, method=other, actor=ACTOR, at=days_before(100))
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
