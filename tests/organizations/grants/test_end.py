"""Access ends: taken back, or by itself (ORG-13)."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from django.db import connections

from manager.kit.errors import NotFound
from manager.kit.scope import tenant_scope
from manager.outbox.models import OutboxEvent, OutgoingMail
from manager.outbox.relay import drain_outbox
from manager.schedule import PERIODIC
from organizations.access.models import Grant
from organizations.access.periodic import drain_ended_rights
from organizations.access.roles import Role
from organizations.audit.models import AuditEvent
from organizations.grants.rules import Target
from organizations.grants.services import end_grant
from organizations.members.rules import RoleNotGivable
from tests.factories.access import give, make_team, present, why
from tests.factories.cast import AT, make_member, make_tenant
from tests.factories.members import actor_of, first_representative
from tests.factories.products import make_product

SOON = AT + timedelta(days=3)


@pytest.fixture
def organization():
    return make_tenant()


@pytest.fixture
def bob(organization):
    return make_member(organization, Role.COLLABORATOR, name="Bob Rossi")


def end(organization, grant, by=None):
    by = by or first_representative(organization)
    return end_grant(
        organization_id=organization.pk, grant_id=grant.pk, ender=by, actor=actor_of(by.user), at=AT
    )


def events(organization, name):
    with tenant_scope(organization.pk):
        return list(AuditEvent.objects.filter(name=name).order_by("id"))


class TestTakenBack:
    def test_counts_no_more_and_stays_as_a_record(self, organization, bob):
        """ORG-13"""
        product = make_product(organization)
        (grant,) = give(organization, bob, Target(product_id=product.pk))
        end(organization, grant)
        assert not why(organization, bob, product).allowed
        with tenant_scope(organization.pk):
            assert Grant.objects.get().ended_by == first_representative(organization).user
        assert [event.data["what"] for event in events(organization, "grant.revoked")] == [product.name]

    def test_cannot_be_taken_back_twice(self, organization, bob):
        """ORG-13"""
        (grant,) = give(organization, bob, Target(product_id=make_product(organization).pk))
        end(organization, grant)
        with pytest.raises(NotFound):
            end(organization, grant)

    def test_of_a_team_ends_for_all_its_members(self, organization, bob):
        """ORG-12"""
        product, team = make_product(organization), make_team(organization, members=[bob])
        (grant,) = give(organization, team, Target(product_id=product.pk))
        end(organization, grant)
        assert not why(organization, bob, product).allowed

    def test_is_for_who_leads(self, organization, bob):
        """INC-5"""
        team = make_team(organization, members=[bob])
        (grant,) = give(organization, team, Target(product_id=make_product(organization).pk))
        with pytest.raises(RoleNotGivable):
            end(organization, grant, by=present(organization, bob))

    def test_of_another_organization_stays(self, organization):
        """INC-2"""
        other = make_tenant()
        (grant,) = give(other, make_member(other), Target(product_id=make_product(other).pk))
        with pytest.raises(NotFound):
            end(organization, grant)


class TestByItself:
    def test_counts_no_more_from_its_end_on_without_any_periodic_work(self, organization, bob):
        """ORG-13"""
        product = make_product(organization)
        give(organization, bob, Target(product_id=product.pk), ends_at=SOON)
        assert why(organization, bob, product, at=SOON - timedelta(seconds=1)).allowed
        assert not why(organization, bob, product, at=SOON).allowed

    def test_is_written_down_once(self, organization, bob):
        """ORG-13: the drain is on the schedule, and safe at any number."""
        assert "organizations.access.periodic.drain_ended_rights" in {row.path for row in PERIODIC}
        give(organization, bob, Target(product_id=make_product(organization).pk), ends_at=SOON)
        assert drain_ended_rights(at=SOON - timedelta(seconds=1)) == 0

        def drain(_number):
            try:
                return drain_ended_rights(at=SOON)
            finally:
                connections.close_all()

        with ThreadPoolExecutor(4) as pool:
            assert sum(pool.map(drain, range(4))) == 1
        assert drain_ended_rights(at=SOON) == 0
        (event,) = events(organization, "grant.expired")
        assert (event.actor_kind, event.at) == ("system", SOON)
        told = OutboxEvent.objects.using("system").filter(name="grant.ended")
        assert [row.payload["by_itself"] for row in told] == [True]
        with tenant_scope(organization.pk):
            assert Grant.objects.get().ended_by is None

    def test_can_be_granted_again_before_it_was_written_down(self, organization, bob):
        """ORG-13"""
        product = make_product(organization)
        target = Target(product_id=product.pk)
        give(organization, bob, target, ends_at=SOON)
        give(organization, bob, target, at=SOON + timedelta(hours=1))
        assert why(organization, bob, product, at=SOON + timedelta(hours=1)).allowed
        assert len(events(organization, "grant.expired")) == 1
        assert drain_ended_rights(at=SOON + timedelta(hours=2)) == 0

    def test_is_told_by_mail_to_who_loses_something(self, organization, bob):
        """ORG-13: in the person's language, once; who keeps it by another grant hears nothing."""
        product = make_product(organization, name="shop.example")
        eva = make_member(organization, Role.EXTERNAL, name="Eva Klein")
        team = make_team(organization, members=[bob, eva])
        give(organization, team, Target(product_id=product.pk), level="manage", ends_at=SOON)
        give(organization, eva, Target(family=product.family), level="manage")
        assert drain_ended_rights(at=SOON) == 1
        drain_outbox(at=SOON)
        drain_outbox(at=SOON)
        mail = OutgoingMail.objects.using("system").get(template="access_ended")
        assert mail.recipient == bob.email
        assert "shop.example" in mail.subject
        assert f"What the team {team.name} was granted" in mail.text
        assert "shop.example (Manage)" in mail.text
        assert f"/o/{organization.pk}/access/" in mail.text

    def test_is_told_where_only_the_lower_level_is_left(self, organization, bob):
        """ORG-13: of two grants the higher one ends."""
        product = make_product(organization)
        give(organization, bob, Target(product_id=product.pk), level="manage", ends_at=SOON)
        give(organization, bob, Target(family=product.family), level="view")
        drain_ended_rights(at=SOON)
        drain_outbox(at=SOON)
        assert OutgoingMail.objects.using("system").filter(template="access_ended").count() == 1

    def test_is_not_told_of_what_was_taken_back_or_given_again(self, organization, bob):
        """ORG-13: the mail is about what ends unseen."""
        target = Target(product_id=make_product(organization).pk)
        (grant,) = give(organization, bob, target)
        end(organization, grant)
        give(organization, bob, target, ends_at=SOON)
        give(organization, bob, target, at=SOON)
        drain_outbox(at=SOON)
        assert not OutgoingMail.objects.using("system").filter(template="access_ended").exists()
        with tenant_scope(organization.pk):
            assert [row.ended_by is None for row in Grant.objects.order_by("pk")] == [False, True, True]
