"""Create, change, lead and delete a team (ORG-12)."""

import pytest

from manager.kit.errors import NotFound
from manager.kit.scope import tenant_scope
from organizations.access.models import Grant
from organizations.access.roles import Role
from organizations.audit.models import AuditEvent
from organizations.grants.rules import Target
from organizations.members.models import Membership
from organizations.teams.models import Team, TeamMembership
from organizations.teams.rules import LeaderNotAllowed, TeamNameTaken
from organizations.teams.selectors import get_team, list_teams
from organizations.teams.services import delete_team, edit_team, name_leader
from tests.factories.access import give, make_team, present, why
from tests.factories.cast import AT, make_member, make_tenant
from tests.factories.members import actor_of, first_representative
from tests.factories.products import make_family, make_product


@pytest.fixture
def organization():
    return make_tenant()


@pytest.fixture
def bob(organization):
    return make_member(organization, Role.COLLABORATOR, name="Bob Rossi")


def by(organization, team):
    actor = actor_of(first_representative(organization).user)
    return {"organization_id": organization.pk, "team_id": team.pk, "actor": actor, "at": AT}


def read(organization, team):
    with tenant_scope(organization.pk):
        return get_team(organization_id=organization.pk, team_id=team.pk)


class TestNames:
    def test_are_unique_in_an_organization_in_whatever_case(self, organization):
        """ORG-12"""
        make_team(organization, "Designers")
        with pytest.raises(TeamNameTaken):
            make_team(organization, "DESIGNERS")
        make_team(make_tenant(), "Designers")
        make_team(organization, "Straße")
        with pytest.raises(TeamNameTaken):
            make_team(organization, "STRAẞE")

    def test_and_colours_are_changed(self, organization):
        """ORG-12"""
        team = make_team(organization, "Designers")
        edit_team(name="designers", color="red", **by(organization, team))
        assert (read(organization, team).name, read(organization, team).hue) == ("designers", 4)
        other = make_team(organization, "Editors")
        with pytest.raises(TeamNameTaken):
            edit_team(name="Designers", color="red", **by(organization, other))

    def test_of_another_organization_stay(self, organization):
        """INC-2"""
        foreign = make_team(make_tenant())
        with pytest.raises(NotFound):
            edit_team(name="Mine", color="red", **by(organization, foreign))

    def test_are_written_down_when_they_change(self, organization):
        """ORG-16: what stays the same is no event."""
        team = make_team(organization)
        for _ in range(2):
            edit_team(name="Editors", color="teal", **by(organization, team))
        with tenant_scope(organization.pk):
            events = AuditEvent.objects.filter(subject_kind="team").order_by("id")
            assert [event.name for event in events] == ["team.created", "team.edited"]
            assert events[1].data["before"]["name"] == "Designers"


class TestLeader:
    def test_joins_the_team(self, organization, bob):
        """ORG-12"""
        team = make_team(organization)
        name_leader(leader_id=present(organization, bob).pk, **by(organization, team))
        assert read(organization, team).leader.user == bob
        with tenant_scope(organization.pk):
            assert TeamMembership.objects.filter(team=team, membership__user=bob).exists()

    def test_can_be_nobody(self, organization, bob):
        """ORG-12"""
        team = make_team(organization)
        name_leader(leader_id=present(organization, bob).pk, **by(organization, team))
        name_leader(leader_id=None, **by(organization, team))
        assert read(organization, team).leader is None

    def test_is_no_external_user(self, organization):
        """ORG-12: external users do not see the members."""
        eva = make_member(organization, Role.EXTERNAL, name="Eva Klein")
        with pytest.raises(LeaderNotAllowed):
            name_leader(leader_id=present(organization, eva).pk, **by(organization, make_team(organization)))

    def test_is_a_member_of_the_organization(self, organization):
        """INC-1"""
        stranger = first_representative(make_tenant())
        with pytest.raises(NotFound):
            name_leader(leader_id=stranger.pk, **by(organization, make_team(organization)))


class TestDeleting:
    def test_ends_what_came_by_the_team_and_keeps_the_members(self, organization, bob):
        """ORG-12"""
        make_family("web")
        team = make_team(organization, members=[bob])
        product = make_product(organization)
        give(organization, team, Target(family=product.family))
        assert why(organization, bob, product).allowed
        delete_team(**by(organization, team))
        assert not why(organization, bob, product).allowed
        with tenant_scope(organization.pk):
            assert Membership.objects.filter(user=bob).exists()
            assert not Team.objects.exists()
            assert not Grant.objects.exists()
            event = AuditEvent.objects.get(name="team.deleted")
        assert event.data["members"] == 1
        assert len(event.data["access"]) == 1


class TestList:
    def test_counts_members_and_live_grants(self, organization, bob):
        """ORG-12"""
        product = make_product(organization)
        full, empty = make_team(organization, "A", [bob]), make_team(organization, "B")
        give(organization, full, Target(product_id=product.pk), Target(family=product.family))
        with tenant_scope(organization.pk):
            rows = list_teams(organization_id=organization.pk, at=AT).order_by("name")
            seen = [(row.pk, row.members, row.live_grants) for row in rows]
        assert seen == [(full.pk, 1, 2), (empty.pk, 0, 0)]

    @pytest.mark.parametrize("count", [3, 30])
    def test_costs_the_same_for_few_and_many(self, organization, bob, query_count, count):
        """ORG-12"""
        for number in range(count):
            make_team(organization, f"Team {number}", [bob])
        with tenant_scope(organization.pk), query_count() as seen:
            for row in list_teams(organization_id=organization.pk, at=AT):
                assert row.leader is None
        assert seen.count == 1
