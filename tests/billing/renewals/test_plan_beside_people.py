"""Planning beside what people do: selections, missing prices, a switch turned off (BIL-10, BIL-16)."""

from datetime import UTC, date, datetime, timedelta

import pytest

from billing.engine.periodic import drain_renewals
from billing.engine.services import plan_due
from billing.invoices.models import Invoice, InvoiceLine
from billing.renewals.periodic import take_back_gone
from billing.renewals.services import switch_off
from billing.runs.selectors import list_quarantine
from billing.runs.services import release
from billing.to_pay.services import DueChoice, compose_selection
from manager.kit.scope import tenant_scope
from products.inventory.services import set_auto_renew
from tests.factories.billing import pay_invoice
from tests.factories.cast import make_tenant
from tests.factories.payments import make_method
from tests.factories.products import make_plan
from tests.factories.renewals import (
    ACTOR,
    days_before,
    lines_of,
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
    assert take_back_gone(at=days_before(14)) == 1
    assert plan_due(at=days_before(14)) == 1
    live = [row.product_id for row in renewals_of(organization) if row.status != "cancelled"]
    assert live == [other.pk]


def test_a_draft_that_cannot_be_taken_back_goes_to_quarantine(organization, superuser_connection):
    """BIL-11: three reports, not one each minute; it stops no other, and staff let it be tried again."""
    product, elsewhere = make_renewing(organization), make_tenant()
    make_card(elsewhere)
    other = make_renewing(elsewhere)
    [bad], _sound = plan(organization, days_before(14)), plan(elsewhere, days_before(14))
    for row, owner in ((product, organization), (other, elsewhere)):
        with tenant_scope(owner.pk):
            set_auto_renew(product=row, on=False, actor=ACTOR, at=days_before(14))
    superuser_connection.execute(
        f"alter table billing_renewal add constraint broken"
        f" check (organization_id <> {organization.pk} or status <> 'cancelled')"
    )
    minutes = [days_before(14) + timedelta(minutes=number) for number in range(6)]
    try:
        assert [take_back_gone(at=at) for at in minutes] == [1, 0, 0, 0, 0, 0]
    finally:
        superuser_connection.execute("alter table billing_renewal drop constraint broken")
    [row] = list_quarantine(kind="take_back")
    assert (row.subject_id, row.organization_id, row.failures) == (bad.pk, organization.pk, 3)
    assert take_back_gone(at=minutes[-1]) == 0
    release(row=row, actor=ACTOR, at=minutes[-1])
    assert take_back_gone(at=minutes[-1]) == 1
