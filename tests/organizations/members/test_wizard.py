"""The wizard of invitations (ORG-7)."""

import pytest

from manager.kit.scope import tenant_scope
from organizations.access.models import Grant
from organizations.access.roles import Role
from organizations.members.models import Invitation
from organizations.members.secrets import invitation_key
from organizations.members.services import accept_invitation
from organizations.teams.models import Team, TeamMembership
from tests.factories.cast import AT, client_of, make_member, make_person, make_tenant
from tests.factories.members import actor_of, first_representative, invite, membership_of
from tests.factories.products import make_family, make_product


@pytest.fixture
def organization():
    return make_tenant(name="Example AG")


@pytest.fixture
def client(organization):
    return client_of(first_representative(organization).user)


def step(organization, name=""):
    return f"/o/{organization.pk}/members/invite/" + (f"{name}/" if name else "")


def text_of(answer):
    return answer.content.decode()


def walk(organization, client, emails, role="collaborator", **access):
    """Fill in all steps; return the summary's page."""
    client.post(step(organization), {"emails": emails})
    client.post(step(organization, "role"), {"role": role})
    client.post(step(organization, "access"), {"level": "view", **access})
    client.post(step(organization, "contacts"), {"topics": ["technical"]})
    return client.get(step(organization, "summary"))


def send(organization, client, summary):
    fields = {"digest": summary.context["draft"].digest}
    return client.post(step(organization, "summary"), fields, follow=True)


def invitations(organization):
    with tenant_scope(organization.pk):
        return list(Invitation.objects.order_by("id"))


class TestAddresses:
    @pytest.mark.parametrize(
        "pasted",
        [
            "bob@example.com, eva@example.com",
            "Bob Rossi <bob@example.com>; Eva Klein <Eva@Example.com>",
            "bob@example.com\neva@example.com\nBOB@example.com",
            "'Rossi, Bob' <bob@example.com>,\n<eva@example.com>",
        ],
    )
    def test_are_read_from_a_pasted_list(self, organization, client, pasted):
        """ORG-7"""
        answer = client.post(step(organization), {"emails": pasted})
        assert answer["Location"] == step(organization, "role")
        client.post(step(organization, "role"), {"role": "external"})
        client.post(step(organization, "access"), {})
        client.post(step(organization, "contacts"), {})
        summary = client.get(step(organization, "summary"))
        assert summary.context["draft"].emails == ["bob@example.com", "eva@example.com"]

    def test_given_twice_and_members_are_told(self, organization, client):
        """ORG-7"""
        member = make_member(organization)
        waiting = invite(organization, "waiting@example.com")
        pasted = f"bob@example.com bob@example.com {member.email} {waiting.email}"
        page = text_of(client.post(step(organization), {"emails": pasted}, follow=True))
        assert "Given twice, invited once: bob@example.com" in page
        assert f"Left out, as they are members already: {member.email}" in page
        assert "Invited already; they get a new link: waiting@example.com" in page

    @pytest.mark.parametrize(
        "emails",
        [
            "",
            ",,;",
            "not an address",
            "bob@example.com\x00",
            "x" * 20_000,
            ",".join(f"p{number}@example.com" for number in range(21)),
        ],
    )
    def test_that_are_none_are_told_beside_the_field(self, organization, client, emails):
        """Bad input is answered with 422."""
        answer = client.post(step(organization), {"emails": emails})
        assert answer.status_code == 422
        assert "field__error" in text_of(answer)

    def test_of_members_alone_go_nowhere(self, organization, client):
        """ORG-7"""
        answer = client.post(step(organization), {"emails": make_member(organization).email})
        assert answer.status_code == 422
        assert "Already a member" in text_of(answer)


class TestSteps:
    @pytest.mark.parametrize("name", ["role", "access", "contacts", "summary"])
    def test_lead_back_to_the_first_that_is_not_done(self, organization, client, name):
        """ORG-7"""
        assert client.get(step(organization, name))["Location"] == step(organization)
        client.post(step(organization), {"emails": "bob@example.com"})
        if name != "role":
            assert client.get(step(organization, name))["Location"] == step(organization, "role")

    def test_that_do_not_exist_are_missing(self, organization, client):
        """INC-1"""
        assert client.get(step(organization, "else")).status_code == 404

    @pytest.mark.parametrize(
        ("name", "fields"),
        [
            ("role", {"role": "king"}),
            ("role", {}),
            ("access", {"grants": "product:999999"}),
            ("access", {"grants": "family:none", "level": "own"}),
            ("access", {"teams": "999999"}),
            ("access", {"teams": "x"}),
            ("contacts", {"topics": "gossip"}),
        ],
    )
    def test_refuse_what_is_not_offered(self, organization, client, name, fields):
        """Bad input is answered with 422."""
        client.post(step(organization), {"emails": "bob@example.com"})
        if name != "role":
            client.post(step(organization, "role"), {"role": "collaborator"})
            client.post(step(organization, "access"), {})
        assert client.post(step(organization, name), fields).status_code == 422

    def test_offer_an_administrator_no_role_above(self, organization):
        """ORG-8"""
        client = client_of(make_member(organization, Role.ADMINISTRATOR))
        client.post(step(organization), {"emails": "bob@example.com"})
        answer = client.post(step(organization, "role"), {"role": "legal_representative"})
        assert answer.status_code == 422
        fields = {"role": "external", "has_billing": "on"}
        assert client.post(step(organization, "role"), fields).status_code == 422

    def test_of_two_organizations_do_not_mix(self, organization, client):
        """ORG-17"""
        other = make_tenant(first_representative(organization).user, name="Other AG")
        client.post(step(organization), {"emails": "bob@example.com"})
        assert client.get(step(other, "role"))["Location"] == step(other)


class TestSending:
    def test_gives_products_teams_and_mails_on_acceptance(self, organization, client):
        """ORG-7, ORG-12, ORG-13: as stored, not as somebody asks."""
        make_family("web")
        product = make_product(organization)
        with tenant_scope(organization.pk):
            team = Team.objects.create(organization=organization, name="Crew", created_at=AT)
        bob = make_person("Bob Rossi")
        grants = [f"product:{product.pk}", "family:web"]
        summary = walk(organization, client, bob.email, grants=grants, teams=str(team.pk))
        assert "Crew" in text_of(summary)
        page = text_of(send(organization, client, summary))
        assert "1 invitation is on its way." in page

        invitation = invitations(organization)[0]
        membership = accept_invitation(
            key=invitation_key(invitation), user=bob, actor=actor_of(bob), at=invitation.created_at
        )
        with tenant_scope(organization.pk):
            given = Grant.objects.filter(membership=membership).values_list("family", "product_id", "level")
            assert set(given) == {("", product.pk, "view"), ("web", None, "view")}
            assert TeamMembership.objects.filter(membership=membership, team=team).exists()
        assert membership_of(organization, bob).topics == ["technical"]

    def test_sends_what_was_shown(self, organization, client):
        """ORG-7: another tab has changed the role meanwhile."""
        summary = walk(organization, client, "bob@example.com")
        client.post(step(organization, "role"), {"role": "administrator"})
        answer = send(organization, client, summary)
        assert answer.status_code == 409
        assert invitations(organization) == []

    def test_of_two_windows_sends_once(self, organization, client):
        """ORG-7"""
        summary = walk(organization, client, "bob@example.com, eva@example.com")
        send(organization, client, summary)
        send(organization, client, summary)
        assert len(invitations(organization)) == 2

    def test_tells_why_it_cannot(self, organization, client):
        """ORG-7: Bob has joined meanwhile."""
        bob = make_person("Bob Rossi")
        summary = walk(organization, client, bob.email)
        accept_invitation(
            key=invitation_key(invite(organization, bob.email)), user=bob, actor=actor_of(bob), at=AT
        )
        answer = send(organization, client, summary)
        assert answer.status_code == 409
        assert "Already a member" in text_of(answer)

    def test_gives_no_product_to_who_sees_all(self, organization, client):
        """ORG-13"""
        make_family("web")
        summary = walk(organization, client, "bob@example.com", role="administrator", grants="family:web")
        send(organization, client, summary)
        assert invitations(organization)[0].grants is None
