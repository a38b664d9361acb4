"""The switch for automatic renewal (BIL-10)."""

from datetime import timedelta

import pytest

from billing.invoices.models import Invoice
from billing.renewals.models import RenewalPreference
from billing.renewals.rules import NO_MEANS, NOT_RUNNING
from billing.renewals.services import AutoRenewRefused, switch_off, switch_on
from manager.kit.errors import NotFound
from manager.kit.scope import tenant_scope
from products.inventory.rules import TOO_LATE
from products.inventory.services import terminate_product
from tests.factories.cast import make_tenant
from tests.factories.products import make_product, reread
from tests.factories.renewals import (
    ACTOR,
    choose_means,
    days_before,
    make_card,
    make_renewing,
    plan,
    read,
    renewals_of,
)


@pytest.fixture
def organization():
    return make_tenant()


def refusal(product, at):
    with tenant_scope(product.organization_id), pytest.raises(AutoRenewRefused) as caught:
        switch_on(product=product, actor=ACTOR, at=at)
    return caught.value.message


class TestOn:
    def test_is_on_up_to_14_days_before(self, organization):
        """BIL-10."""
        make_card(organization)
        product = make_product(organization)
        with tenant_scope(organization.pk):
            assert switch_on(product=product, actor=ACTOR, at=days_before(14)).auto_renew

    def test_refuses_under_14_days(self, organization):
        """BIL-10: renew first."""
        make_card(organization)
        assert refusal(make_product(organization), days_before(13)) == TOO_LATE

    def test_counts_the_days_of_the_organizations_zone(self):
        """BIL-10: in Kiritimati it is tomorrow already."""
        tenant = make_tenant(time_zone="Pacific/Kiritimati")
        make_card(tenant)
        product = make_product(tenant)
        late = days_before(14, product.expires_on)
        assert refusal(product, late) == TOO_LATE
        with tenant_scope(tenant.pk):
            assert switch_on(product=product, actor=ACTOR, at=late - timedelta(hours=3)).auto_renew

    def test_refuses_without_means(self, organization):
        """BIL-10: it needs a saved means."""
        assert refusal(make_product(organization), days_before(100)) == NO_MEANS

    @pytest.mark.parametrize("ended", [False, True])
    def test_refuses_what_does_not_run(self, organization, ended):
        """BIL-10."""
        make_card(organization)
        product = make_product(organization, activated=ended)
        if ended:
            with tenant_scope(organization.pk):
                product = terminate_product(product=product, actor=ACTOR, at=days_before(90))
        assert refusal(product, days_before(80)) == NOT_RUNNING


class TestOff:
    def test_takes_a_planned_charge_back(self, organization):
        """BIL-10: at any time; nothing is charged any more, the others are planned anew."""
        make_card(organization)
        product, other = make_renewing(organization), make_renewing(organization)
        plan(organization, days_before(14))
        with tenant_scope(organization.pk):
            switch_off(product=product, actor=ACTOR, at=days_before(14))
        assert {row.status for row in renewals_of(organization)} == {"cancelled"}
        assert read(lambda: Invoice.objects.get().status, organization) == "cancelled"
        plan(organization, days_before(14))
        live = [row.product_id for row in renewals_of(organization) if row.status == "planned"]
        assert live == [other.pk]
        assert not reread(product, organization).auto_renew


class TestMeans:
    def test_is_fixed_and_given_back(self, organization):
        """BIL-9, BIL-10."""
        product, card = make_renewing(organization), make_card(organization)
        with tenant_scope(organization.pk):
            choose_means(product=product, method=card, actor=ACTOR, at=days_before(50))
            assert RenewalPreference.objects.get().method_id == card.pk
            choose_means(product=product, method=None, actor=ACTOR, at=days_before(50))
            assert RenewalPreference.objects.get().method_id is None

    def test_refuses_a_strangers_means(self, organization):
        """INC-1."""
        product, card = make_renewing(organization), make_card(make_tenant())
        with tenant_scope(organization.pk), pytest.raises(NotFound):
            choose_means(product=product, method=card, actor=ACTOR, at=days_before(50))
