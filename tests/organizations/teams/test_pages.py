"""The pages of teams and requests (ORG-12, UI-6)."""

import pytest

from organizations.access.roles import Role
from organizations.teams.services import name_leader
from tests.factories.access import ask, make_team, present
from tests.factories.cast import AT, client_of, make_member, make_tenant
from tests.factories.members import actor_of, first_representative, membership_of
from tests.factories.products import make_product


@pytest.fixture
def organization():
    return make_tenant()


@pytest.fixture
def bob(organization):
    return make_member(organization, Role.COLLABORATOR, name="Bob Rossi")


@pytest.fixture
def client(organization):
    return client_of(first_representative(organization).user)


class TestTeams:
    def test_are_made_filled_and_deleted(self, organization, bob, client):
        """ORG-12"""
        base = f"/o/{organization.pk}/teams/"
        assert "No team yet" in client.get(base).content.decode()
        made = client.post(f"{base}create/", {"name": "Designers", "color": "teal"})
        team = made["Location"]
        assert client.post(f"{base}create/", {"name": "designers", "color": "red"}).status_code == 422
        assert client.post(f"{team}members/add/", {}).status_code == 422
        member = present(organization, bob).pk
        assert client.post(f"{team}members/add/", {"selected": [member]})["Location"] == team
        assert "Bob Rossi" in client.get(team).content.decode()
        client.post(f"{team}leader/", {"leader": member})
        assert "Led by Bob Rossi" in client.get(team).content.decode()
        removal = {"selected": [member], "confirmed": "yes"}
        assert "Bob Rossi" in client.get(f"{team}members/remove/", {"selected": member}).content.decode()
        assert client.post(f"{team}members/remove/", removal).status_code == 302
        assert client.post(f"{team}delete/")["Location"] == base
        assert client.get(team).status_code == 404

    def test_are_searched(self, organization, client):
        """UI-2"""
        for name in ("Designers", "Editors"):
            make_team(organization, name)
        page = client.get(f"/o/{organization.pk}/teams/?q=edit").content.decode()
        assert "Editors" in page
        assert "Designers" not in page
        assert "No team matches" in client.get(f"/o/{organization.pk}/teams/?q=xyz").content.decode()

    def test_are_staffed_by_their_leader(self, organization, bob):
        """ORG-12: who leads may add and take out, and nothing else."""
        team, other = make_team(organization), make_team(organization, "Others")
        leader = first_representative(organization)
        name_leader(
            organization_id=organization.pk,
            team_id=team.pk,
            leader_id=present(organization, bob).pk,
            actor=actor_of(leader.user),
            at=AT,
        )
        eva = present(organization, make_member(organization, Role.EXTERNAL, name="Eva Klein"))
        client, base = client_of(bob), f"/o/{organization.pk}/teams"
        sent = {"selected": [eva.pk]}
        assert client.post(f"{base}/{team.pk}/members/add/", sent).status_code == 302
        assert client.post(f"{base}/{other.pk}/members/add/", sent).status_code == 403
        for path in ("edit/", "delete/"):
            assert client.get(f"{base}/{team.pk}/{path}").status_code == 403

    def test_cost_the_same_with_few_and_many_members(self, organization, client, query_count):
        """ORG-12: the list of teams, and one team."""
        counts = []
        for number, size in enumerate((2, 20)):
            people = [make_member(organization, name=f"Bob {n}") for n in range(size)]
            team = make_team(organization, f"Team {number}", people)
            for address in (f"/o/{organization.pk}/teams/", f"/o/{organization.pk}/teams/{team.pk}/"):
                client.get(address)
                with query_count() as seen:
                    client.get(address)
                counts.append(seen.count)
        assert counts[:2] == counts[2:]

    def test_are_chosen_already_for_who_is_invited_from_their_page(self, organization, client):
        """ORG-12: an own team only."""
        team, foreign = make_team(organization), make_team(make_tenant())
        address = f"/o/{organization.pk}/members/invite/"
        assert (
            f"{address}?team={team.pk}"
            in client.get(f"/o/{organization.pk}/teams/{team.pk}/members/add/").content.decode()
        )
        for number in (foreign.pk, team.pk):
            client.post(f"{address}?team={number}", {"emails": "guest@example.com"})
        assert client.session["invitations"][str(organization.pk)]["teams"] == [team.pk]


class TestRequests:
    def test_are_counted_listed_and_answered(self, organization, bob, client):
        """UI-6"""
        request = ask(organization, bob, permission="billing:manage", message="For the shop")
        base = f"/o/{organization.pk}/access/requests/"
        assert "Bob Rossi" in client.get(base).content.decode()
        assert "For the shop" in client.get(f"{base}{request.pk}/").content.decode()
        assert client.post(f"{base}{request.pk}/", {"do": "refuse"}).status_code == 422
        assert client.post(f"{base}{request.pk}/", {"do": "approve"})["Location"] == base
        assert membership_of(organization, bob).has_billing
        assert client.post(f"{base}{request.pk}/", {"do": "approve"}).status_code == 409
        assert "Bob Rossi" not in client.get(base).content.decode()
        assert "Bob Rossi" in client.get(f"{base}?status=approved").content.decode()

    def test_are_made_and_withdrawn_by_the_member(self, organization, bob):
        """UI-6"""
        client, base = client_of(bob), f"/o/{organization.pk}/access/"
        sent = {"permission": "billing:manage", "message": "For the shop"}
        assert client.get(f"{base}ask/?permission=billing:manage").status_code == 200
        assert client.post(f"{base}ask/", sent)["Location"] == base
        page = client.get(base).content.decode()
        assert "Withdraw" in page
        number = page.partition("/access/requests/")[2].partition("/")[0]
        assert client.post(f"{base}requests/{number}/withdraw/").status_code == 302
        assert "Withdrawn" in client.get(base).content.decode()

    def test_start_where_something_is_greyed_or_refused(self, organization, bob):
        """UI-6: on the page of refusal, and beside what is greyed."""
        client = client_of(bob)
        refused = client.get(f"/o/{organization.pk}/billing/invoices/")
        assert refused.status_code == 403
        assert f"/o/{organization.pk}/access/ask/?permission=billing%3Aview" in refused.content.decode()
        page = client.get(f"/o/{organization.pk}/products/").content.decode()
        assert "/access/ask/?permission=products%3Aorder" in page

    @pytest.mark.parametrize(
        "query",
        ["permission=made:up", "family=made-up&level=view", "product=987654", "product=x", "permission=%00"],
    )
    def test_for_nothing_known_lead_nowhere(self, organization, bob, query):
        """INC-1"""
        make_product(organization)
        answer = client_of(bob).get(f"/o/{organization.pk}/access/ask/?{query}")
        assert answer.status_code in {302, 404}
