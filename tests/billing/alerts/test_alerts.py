"""What needs attention, counted for the switcher (ORG-1) and shown to nobody else (ORG-17)."""

from datetime import timedelta

import psycopg
import pytest

from billing.alerts.periodic import drain_alerts
from manager.kit.clock import now
from manager.kit.scope import person_scope, tenant_scope
from manager.outbox.relay import drain_outbox
from organizations.access.roles import Role
from organizations.members.models import Membership
from organizations.members.selectors import list_memberships_of
from organizations.summaries.models import OrganizationSummary
from organizations.summaries.selectors import alerts_for
from tests.factories.billing import make_legal_entity
from tests.factories.cast import make_member, make_person, make_tenant
from tests.factories.orders import make_order
from tests.factories.products import make_plan, make_product


@pytest.fixture
def alice():
    make_legal_entity()
    return make_person("Alice Meier")


def alerts_of(user, organization):
    with person_scope(user.pk):
        found = {row.organization_id: alerts_for(row) for row in list_memberships_of(user=user)}
    return found[organization.pk]


def expire_soon(organization, *, days=10):
    product = make_product(organization, plan=make_plan(), months=1)
    with tenant_scope(organization.pk):
        product.expires_on = now().date() + timedelta(days=days)
        product.auto_renew = False
        product.save(update_fields=["expires_on", "auto_renew"])
    return product


class TestCounting:
    def test_follows_orders(self, alice):
        """ORG-1"""
        organization = make_tenant(alice)
        make_order(organization)
        drain_outbox(at=now())
        assert alerts_of(alice, organization) == 1

    def test_follows_the_calendar(self, alice):
        """ORG-1: once a day, without any event."""
        organization = make_tenant(alice)
        expire_soon(organization, days=40)
        drain_alerts(at=now())
        assert alerts_of(alice, organization) == 0
        assert drain_alerts(at=now()) == 0
        drain_alerts(at=now() + timedelta(days=11))
        assert alerts_of(alice, organization) == 1

    def test_takes_the_same_queries_for_many(self, alice, query_count):
        """ORG-1: set by set."""
        counts = []
        for day, number in enumerate((2, 20)):
            for _ in range(number):
                make_tenant(alice)
            with query_count() as seen:
                assert drain_alerts(at=now() + timedelta(days=day)) >= number
            counts.append(seen.count)
        assert counts[0] == counts[1]

    def test_keeps_what_belongs_to_one_with_it(self, alice):
        """ORG-17: the numbers of many are not mixed."""
        first, second = make_tenant(alice), make_tenant(alice)
        expire_soon(first)
        expire_soon(first)
        expire_soon(second)
        drain_alerts(at=now())
        assert (alerts_of(alice, first), alerts_of(alice, second)) == (2, 1)


class TestSeeing:
    @pytest.mark.parametrize(
        ("role", "has_billing", "seen"),
        [
            (Role.ADMINISTRATOR, True, 2),
            (Role.ADMINISTRATOR, False, 1),
            (Role.COLLABORATOR, True, 1),
            (Role.EXTERNAL, False, 0),
        ],
    )
    def test_is_what_the_rights_show(self, alice, role, has_billing, seen):
        """ORG-6, ORG-13: one order and one product that expires."""
        organization = make_tenant(alice)
        user = make_member(organization, role, has_billing=has_billing)
        make_order(organization)
        expire_soon(organization)
        drain_alerts(at=now())
        assert alerts_of(user, organization) == seen

    def test_ends_with_the_membership(self, alice):
        """ORG-17: row-level security alone."""
        organization = make_tenant(alice)
        user = make_member(organization)
        drain_alerts(at=now())
        for expected in (1, 0):
            with person_scope(user.pk):
                assert OrganizationSummary.objects.count() == expected
            with tenant_scope(organization.pk):
                Membership.objects.filter(user=user).delete()

    def test_of_another_organization_is_empty(self, alice):
        """ORG-17"""
        own, other = make_tenant(alice), make_tenant(make_person("Dora Other"))
        drain_alerts(at=now())
        with tenant_scope(own.pk, alice.pk):
            assert set(OrganizationSummary.objects.values_list("organization_id", flat=True)) == {own.pk}
        with tenant_scope(other.pk, 0):
            assert set(OrganizationSummary.objects.values_list("organization_id", flat=True)) == {other.pk}

    @pytest.mark.parametrize("role", ["web", "worker"])
    def test_does_not_let_a_person_write(self, alice, as_role, role):
        """ORG-17: a person reads across organizations, nothing else."""
        organization = make_tenant(alice)
        drain_alerts(at=now())
        database: psycopg.Connection = as_role(role)
        with database.transaction(force_rollback=True):
            database.execute("select set_config('app.user', %s, true)", [str(alice.pk)])
            changed = database.execute(
                "UPDATE organizations_organizationsummary SET unpaid = 9 WHERE organization_id = %s",
                [organization.pk],
            )
            assert changed.rowcount == 0
