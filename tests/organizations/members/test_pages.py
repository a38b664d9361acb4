"""Pages of members and invitations."""

import pytest

from manager.kit.clock import now
from organizations.access.roles import Role
from organizations.members.secrets import invitation_key
from tests.factories.cast import client_of, make_member, make_person, make_tenant
from tests.factories.members import first_representative, invite, invite_all, membership_of


@pytest.fixture
def organization():
    return make_tenant(name="Example AG")


@pytest.fixture
def client(organization):
    return client_of(first_representative(organization).user)


class TestTheTable:
    def test_shows_members_and_invitations_together(self, organization, client):
        """ORG-7"""
        make_member(organization, name="Bob Rossi")
        invite(organization, "guest@example.com")
        page = client.get(f"/o/{organization.pk}/members/").content.decode()
        assert "Bob Rossi" in page
        assert "guest@example.com" in page

    @pytest.mark.parametrize(
        ("query", "seen", "hidden"),
        [
            ({"q": "rossi"}, "Bob Rossi", "Eva Klein"),
            ({"role": Role.EXTERNAL}, "Eva Klein", "Bob Rossi"),
            ({"billing": "yes"}, "Eva Klein", "Bob Rossi"),
            ({"q": "guest"}, "guest@example.com", "Bob Rossi"),
        ],
    )
    def test_is_filtered(self, organization, client, query, seen, hidden):
        """UI-2"""
        make_member(organization, name="Bob Rossi")
        make_member(organization, Role.EXTERNAL, name="Eva Klein", has_billing=True)
        invite(organization, "guest@example.com")
        page = client.get(f"/o/{organization.pk}/members/", query).content.decode()
        assert seen in page
        assert hidden not in page

    def test_says_so_when_nobody_matches(self, organization, client):
        """UI-2"""
        assert "Nobody matches" in client.get(f"/o/{organization.pk}/members/", {"q": "zzz"}).content.decode()

    @pytest.mark.parametrize("query", [{"q": "\x00"}, {"role": "king"}, {"q": "x" * 5000}, {"billing": "?"}])
    def test_leaves_out_a_filter_that_it_does_not_know(self, organization, client, query):
        """Bad input is never a mistake of ours."""
        assert client.get(f"/o/{organization.pk}/members/", query).status_code == 200

    def test_takes_the_same_queries_for_5_and_150_people(self, organization, client, query_count):
        """A list's queries do not grow with the list."""
        path = f"/o/{organization.pk}/members/"
        counts = []
        for number in (5, 60):
            for _ in range(number):
                make_member(organization)
            client.get(path)
            with query_count() as seen:
                page = client.get(path).content.decode()
            counts.append(seen.count)
        assert counts[0] == counts[1]
        assert 'rel="next"' in page

    def test_goes_on_and_back_by_page(self, organization, client):
        """UI-2"""
        for number in range(30):
            make_member(organization, name=f"Person{number:02} Test")
        path = f"/o/{organization.pk}/members/"
        first = client.get(path)
        second = client.get(path, {"after": first.context["page"].next})
        assert len(first.context["page"].rows) == 25
        assert len(second.context["page"].rows) == 6
        back = client.get(path, {"before": second.context["page"].previous})
        assert [row.pk for row in back.context["page"].rows] == [row.pk for row in first.context["page"].rows]


class TestAccepting:
    def test_leads_a_visitor_to_register_or_sign_in(self, organization):
        """ORG-7"""
        key = invitation_key(invite(organization, "bob@example.com", at=now()))
        page = client_of(make_person("Dora Other")).get(f"/invitations/{key}/").content.decode()
        assert "for another address" in page
        assert f"/register/?invitation={key}" not in page

    def test_makes_a_member_of_who_has_the_address(self, organization):
        """ORG-7"""
        bob = make_person("Bob Rossi")
        key = invitation_key(invite(organization, bob.email, at=now()))
        client = client_of(bob)
        assert "Accept the invitation" in client.get(f"/invitations/{key}/").content.decode()
        answer = client.post(f"/invitations/{key}/")
        assert answer["Location"] == f"/o/{organization.pk}/"
        assert membership_of(organization, bob).role == Role.COLLABORATOR

    def test_is_refused_to_another_address(self, organization):
        """INC-7"""
        key = invitation_key(invite(organization, "bob@example.com", at=now()))
        assert client_of(make_person("Dora Other")).post(f"/invitations/{key}/").status_code == 403


class TestRemoving:
    def test_asks_first(self, organization, client):
        """ORG-10"""
        bob = make_member(organization, name="Bob Rossi")
        path, pk = f"/o/{organization.pk}/members/remove/", membership_of(organization, bob).pk
        page = client.post(path, {"selected": [pk]}).content.decode()
        assert "Bob Rossi" in page
        assert membership_of(organization, bob)
        client.post(path, {"selected": [pk], "confirmed": "yes"})
        assert membership_of(organization, bob) is None

    def test_tells_why_the_last_representative_stays(self, organization, client):
        """ORG-9"""
        pk = first_representative(organization).pk
        answer = client.post(f"/o/{organization.pk}/members/remove/", {"selected": pk, "confirmed": "yes"})
        assert answer.status_code == 409
        assert "name another one first" in answer.content.decode()

    @pytest.mark.parametrize("selected", ["", "x", "-1", "9" * 30, "1\x00", "\u0661"])
    def test_knows_no_made_up_ids(self, organization, client, selected):
        """INC-1"""
        answer = client.post(f"/o/{organization.pk}/members/remove/", {"selected": selected})
        assert answer.status_code == 404


class TestOneMember:
    def test_shows_the_rights_and_saves_them(self, organization, client):
        """ORG-8"""
        bob = make_member(organization, name="Bob Rossi")
        path = f"/o/{organization.pk}/members/{membership_of(organization, bob).pk}/"
        assert "Bob Rossi" in client.get(path).content.decode()
        client.post(path, {"role": "administrator", "has_billing": "on"})
        member = membership_of(organization, bob)
        assert (member.role, member.has_billing) == (Role.ADMINISTRATOR, True)

    def test_offers_an_administrator_no_role_above(self, organization):
        """ORG-8"""
        admin = make_member(organization, Role.ADMINISTRATOR, name="Gerda Giver")
        bob = make_member(organization, name="Bob Rossi")
        client = client_of(admin)
        path = f"/o/{organization.pk}/members/{membership_of(organization, bob).pk}/"
        assert 'value="legal_representative"' not in client.get(path).content.decode()
        assert client.post(path, {"role": "legal_representative"}).status_code == 422

    def test_leaves_invitations_out_of_the_first_page_only_where_they_are(self, organization, client):
        """ORG-7"""
        invite_all(organization, [f"guest{number}@example.com" for number in range(3)])
        answer = client.get(f"/o/{organization.pk}/members/")
        assert len(answer.context["invitations"]) == 3
