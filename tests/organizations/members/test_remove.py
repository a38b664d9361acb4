"""Remove members and leave (ORG-2, ORG-9, ORG-10)."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connections

from manager.kit.errors import DomainError, NotFound
from manager.kit.scope import tenant_scope
from manager.outbox.models import OutgoingMail
from manager.outbox.relay import drain_outbox
from organizations.access.roles import Role
from organizations.members.models import Membership
from organizations.members.rules import LastRepresentative, RoleNotGivable
from organizations.members.services import leave_organization, remove_members
from tests.factories.cast import AT, grant, make_member, make_tenant
from tests.factories.members import actor_of, first_representative, membership_of


def remove(organization, users, *, remover=None):
    remover = remover or first_representative(organization)
    return remove_members(
        organization_id=organization.pk,
        membership_ids=[membership_of(organization, user).pk for user in users],
        remover=remover,
        actor=actor_of(remover.user),
        at=AT,
    )


@pytest.fixture
def organization():
    return make_tenant()


class TestRemoval:
    def test_takes_several_at_once_with_their_grants(self, organization):
        """ORG-10"""
        users = [make_member(organization, Role.COLLABORATOR) for _ in range(3)]
        grant(organization, users[0], family="web")

        assert len(remove(organization, users)) == 3
        assert all(membership_of(organization, user) is None for user in users)

    def test_is_mailed(self, organization):
        """ORG-10"""
        user = make_member(organization, Role.COLLABORATOR)
        remove(organization, [user])
        drain_outbox(at=AT)
        mail = OutgoingMail.objects.using("system").get(template="membership_removed")
        assert mail.recipient == user.email
        assert "has ended your membership" in mail.text

    def test_takes_all_or_none(self, organization):
        """ORG-10"""
        other = make_tenant()
        user, stranger = make_member(organization, Role.EXTERNAL), make_member(other, Role.EXTERNAL)
        leader = first_representative(organization)
        with pytest.raises(NotFound):
            remove_members(
                organization_id=organization.pk,
                membership_ids=[membership_of(organization, user).pk, membership_of(other, stranger).pk],
                remover=leader,
                actor=actor_of(leader.user),
                at=AT,
            )
        assert membership_of(organization, user)
        assert membership_of(other, stranger)

    def test_of_a_representative_is_refused_to_an_administrator(self, organization):
        """INC-5"""
        second = make_member(organization, Role.LEGAL_REPRESENTATIVE, name="Second Leader")
        admin = membership_of(organization, make_member(organization, Role.ADMINISTRATOR))
        with pytest.raises(RoleNotGivable):
            remove(organization, [second], remover=admin)

    def test_refuses_all_representatives_together(self, organization):
        """ORG-9"""
        second = make_member(organization, Role.LEGAL_REPRESENTATIVE, name="Second Leader")
        with pytest.raises(LastRepresentative):
            remove(organization, [first_representative(organization).user, second])

    def test_leaves_one_representative_under_twenty_at_once(self, organization):
        """ORG-9: four representatives remove each other and leave, in parallel."""
        names = ["Two", "Three", "Four"]
        leaders = [first_representative(organization)]
        for name in names:
            user = make_member(organization, Role.LEGAL_REPRESENTATIVE, name=f"Leader {name}")
            leaders.append(membership_of(organization, user))

        def try_once(number):
            own, other = leaders[number % 4], leaders[(number + 1) % 4]
            try:
                if number % 2:
                    leave_organization(membership=own, actor=actor_of(own.user), at=AT)
                else:
                    remove_members(
                        organization_id=organization.pk,
                        membership_ids=[other.pk],
                        remover=own,
                        actor=actor_of(own.user),
                        at=AT,
                    )
            except DomainError:
                return 0
            finally:
                connections.close_all()
            return 1

        with ThreadPoolExecutor(20) as pool:
            gone = sum(pool.map(try_once, range(20)))

        with tenant_scope(organization.pk):
            left = Membership.objects.filter(role=Role.LEGAL_REPRESENTATIVE).count()
        assert left == 4 - gone
        assert left >= 1


class TestLeaving:
    def test_ends_the_own_membership(self, organization):
        """ORG-2"""
        user = make_member(organization, Role.COLLABORATOR)
        leave_organization(membership=membership_of(organization, user), actor=actor_of(user), at=AT)
        assert membership_of(organization, user) is None

    def test_is_refused_to_the_only_representative(self, organization):
        """ORG-2"""
        leader = first_representative(organization)
        make_member(organization, Role.ADMINISTRATOR)
        with pytest.raises(LastRepresentative):
            leave_organization(membership=leader, actor=actor_of(leader.user), at=AT)
