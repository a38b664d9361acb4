"""Take members into a team and out of it (ORG-12, INC-5)."""

import pytest

from manager.kit.errors import NotFound
from manager.kit.scope import tenant_scope
from organizations.access.roles import Role
from organizations.grants.rules import Target
from organizations.members.secrets import invitation_key
from organizations.members.services import accept_invitation, change_role, remove_members
from organizations.members.services.gifts import place_in_teams
from organizations.teams.models import Team, TeamMembership
from organizations.teams.rules import TeamNotYours
from organizations.teams.selectors import list_outsiders
from organizations.teams.services import add_to_team, name_leader, remove_from_team
from tests.factories.access import give, make_team, present, why
from tests.factories.cast import AT, make_member, make_person, make_tenant
from tests.factories.members import actor_of, first_representative, invite
from tests.factories.products import make_product


@pytest.fixture
def organization():
    return make_tenant()


@pytest.fixture
def bob(organization):
    return make_member(organization, Role.COLLABORATOR, name="Bob Rossi")


@pytest.fixture
def eva(organization):
    return make_member(organization, Role.EXTERNAL, name="Eva Klein")


def add(organization, team, *users, by=None):
    by = by or first_representative(organization)
    return add_to_team(
        organization_id=organization.pk,
        team_id=team.pk,
        membership_ids=[present(organization, user).pk for user in users],
        adder=by,
        actor=actor_of(by.user),
        at=AT,
    )


def take_out(organization, team, *users, by=None):
    by = by or first_representative(organization)
    return remove_from_team(
        organization_id=organization.pk,
        team_id=team.pk,
        membership_ids=[present(organization, user).pk for user in users],
        remover=by,
        actor=actor_of(by.user),
        at=AT,
    )


def let_lead(organization, team, user):
    name_leader(
        organization_id=organization.pk,
        team_id=team.pk,
        leader_id=present(organization, user).pk,
        actor=actor_of(first_representative(organization).user),
        at=AT,
    )


class TestMembers:
    def test_have_at_once_what_is_granted_to_the_team(self, organization, bob, eva):
        """ORG-12"""
        team, product = make_team(organization), make_product(organization)
        give(organization, team, Target(product_id=product.pk), level="manage")
        assert not why(organization, bob, product).allowed
        assert {member.user for member in add(organization, team, bob, eva)} == {bob, eva}
        assert why(organization, bob, product, manage=True).allowed
        take_out(organization, team, bob)
        assert not why(organization, bob, product).allowed
        assert why(organization, eva, product).allowed

    def test_are_added_once(self, organization, bob):
        """ORG-12"""
        team = make_team(organization, members=[bob])
        assert add(organization, team, bob) == []

    def test_can_be_in_several_teams(self, organization, bob):
        """ORG-12"""
        for name in ("A", "B"):
            make_team(organization, name, [bob])
        with tenant_scope(organization.pk):
            assert TeamMembership.objects.filter(membership__user=bob).count() == 2

    def test_of_other_organizations_are_not_added(self, organization, bob):
        """INC-1: nobody is, when one of them is unknown."""
        team = make_team(organization)
        stranger = first_representative(make_tenant())
        leader = first_representative(organization)
        with pytest.raises(NotFound):
            add_to_team(
                organization_id=organization.pk,
                team_id=team.pk,
                membership_ids=[present(organization, bob).pk, stranger.pk],
                adder=leader,
                actor=actor_of(leader.user),
                at=AT,
            )
        with tenant_scope(organization.pk):
            assert not TeamMembership.objects.exists()

    def test_are_gone_when_they_are_removed_from_the_organization(self, organization, bob):
        """ORG-12: and lead nothing any more."""
        team = make_team(organization, members=[bob])
        let_lead(organization, team, bob)
        leader = first_representative(organization)
        remove_members(
            organization_id=organization.pk,
            membership_ids=[present(organization, bob).pk],
            remover=leader,
            actor=actor_of(leader.user),
            at=AT,
        )
        with tenant_scope(organization.pk):
            assert not TeamMembership.objects.exists()
            assert Team.objects.get().leader is None

    def test_who_are_not_in_it_are_offered(self, organization, bob, eva):
        """ORG-12"""
        team = make_team(organization, members=[bob])
        with tenant_scope(organization.pk):
            assert eva in {row.user for row in list_outsiders(team=team)}
            assert bob not in {row.user for row in list_outsiders(team=team)}
            assert [row.user for row in list_outsiders(team=team, search="klei")] == [eva]

    def test_are_invited_into_it(self, organization):
        """ORG-12: an external person joins the team by accepting."""
        team, product = make_team(organization), make_product(organization)
        give(organization, team, Target(product_id=product.pk))
        guest = make_person("Gina Guest")
        invitation = invite(organization, guest.email, role=Role.EXTERNAL)
        with tenant_scope(organization.pk):
            place_in_teams(invitation=invitation, team_ids=[team.pk])
        accept_invitation(key=invitation_key(invitation), user=guest, actor=actor_of(guest), at=AT)
        assert why(organization, guest, product).allowed


class TestWhoMayStaff:
    @pytest.mark.parametrize("role", Role)
    @pytest.mark.parametrize("leads", [False, True])
    def test_are_managers_and_the_own_leader(self, organization, bob, role, leads):
        """INC-5: a leader who became external is none any more."""
        asking = make_member(organization, Role.COLLABORATOR, name="Gerda Giver")
        team, other = make_team(organization), make_team(organization, "Others")
        if leads:
            let_lead(organization, team, asking)
        by = first_representative(organization)
        if role != Role.COLLABORATOR:
            change_role(
                organization_id=organization.pk,
                membership_id=present(organization, asking).pk,
                role=role,
                has_billing=False,
                changer=by,
                actor=actor_of(by.user),
                at=AT,
            )
        manages = role in {Role.LEGAL_REPRESENTATIVE, Role.ADMINISTRATOR}
        own = present(organization, asking)
        for place, may in ((team, manages or (leads and role == Role.COLLABORATOR)), (other, manages)):
            if may:
                assert add(organization, place, bob, by=own)
                assert take_out(organization, place, bob, by=own)
            else:
                add(organization, place, bob)
                with pytest.raises(TeamNotYours):
                    add(organization, place, bob, by=own)
                with pytest.raises(TeamNotYours):
                    take_out(organization, place, bob, by=own)

    def test_does_not_include_who_has_left_meanwhile(self, organization, bob):
        """INC-5"""
        admin = make_member(organization, Role.ADMINISTRATOR, name="Ada Admin")
        stale, leader = present(organization, admin), first_representative(organization)
        remove_members(
            organization_id=organization.pk,
            membership_ids=[stale.pk],
            remover=leader,
            actor=actor_of(leader.user),
            at=AT,
        )
        with pytest.raises(NotFound):
            add(organization, make_team(organization), bob, by=stale)
