"""One table of joined and invited people: details, filters, order, export (ORG-7, UI-2, INC-31)."""

from datetime import timedelta

import pytest
from django_otp.plugins.otp_totp.models import TOTPDevice

from accounts.users.models import User
from manager.kit.clock import now
from manager.kit.scope import tenant_scope
from organizations.access.roles import Role
from organizations.members.models import Membership
from organizations.teams.models import Team, TeamMembership
from tests.factories.cast import AT, client_of, make_member, make_person, make_tenant
from tests.factories.members import first_representative, invite, membership_of


@pytest.fixture
def organization():
    return make_tenant(make_person("Alice Aalto"), name="Example AG")


@pytest.fixture
def client(organization):
    return client_of(first_representative(organization).user)


def path(organization, more=""):
    return f"/o/{organization.pk}/members/{more}"


def names(client, organization, **query):
    return [row.user.last_name for row in client.get(path(organization), query).context["page"].rows]


class TestTheTable:
    def test_shows_team_factor_and_last_visit(self, organization, client):
        """ORG-7, ORG-12"""
        bob = make_member(organization, name="Bob Rossi")
        TOTPDevice.objects.create(user=bob, confirmed=True, name="Phone")
        with tenant_scope(organization.pk):
            team = Team.objects.create(organization=organization, name="Night crew", created_at=AT)
            TeamMembership.objects.create(
                organization=organization,
                team=team,
                membership=membership_of(organization, bob),
                created_at=AT,
            )
        client_of(bob).get(f"/o/{organization.pk}/")
        page = client.get(path(organization))
        assert "Night crew" in page.content.decode()
        row = next(row for row in page.context["page"].rows if row.user_id == bob.pk)
        assert row.has_factor
        assert now() - row.last_seen_at < timedelta(minutes=1)

    def test_hides_factors_and_visits_from_who_does_not_manage(self, organization):
        """ORG-6: colleagues do not see whose login is weak."""
        page = client_of(make_member(organization)).get(path(organization), {"factor": "none"})
        assert "Last seen" not in page.content.decode()
        assert len(page.context["page"].rows) == 2

    @pytest.mark.parametrize(
        ("query", "people", "invited"),
        [
            ({"state": "member"}, 2, []),
            ({"state": "invited"}, 0, ["new@example.com"]),
            ({"state": "expired"}, 0, ["old@example.com"]),
            ({"factor": "none"}, 1, []),
            ({"state": "king"}, 2, ["new@example.com", "old@example.com"]),
        ],
    )
    def test_is_filtered_by_state_and_factor(self, organization, client, query, people, invited):
        """UI-2"""
        TOTPDevice.objects.create(user=make_member(organization), confirmed=True, name="Phone")
        invite(organization, "old@example.com", at=now() - timedelta(days=8))
        invite(organization, "new@example.com", at=now())
        page = client.get(path(organization), query)
        assert len(page.context["page"].rows) == people
        assert [row.email for row, _ in page.context["invitations"]] == invited

    @pytest.mark.parametrize(
        ("sort", "expected"),
        [
            ("name", ["Aalto", "Klein", "Rossi"]),
            ("-name", ["Rossi", "Klein", "Aalto"]),
            ("joined", ["Aalto", "Rossi", "Klein"]),
            ("king", ["Aalto", "Rossi", "Klein"]),
        ],
    )
    def test_is_sorted(self, organization, client, sort, expected):
        """UI-2"""
        make_member(organization, name="Bob Rossi")
        make_member(organization, name="Eva Klein")
        assert names(client, organization, sort=sort) == expected

    @pytest.mark.parametrize("sort", ["name", "-name", "role", "-seen", "seen", "-joined"])
    def test_goes_by_pages_in_every_order(self, organization, client, sort):
        """UI-2: nobody twice, nobody left out."""
        for number in range(40):
            make_member(organization, name=f"Person Test{number % 7}")
        first = client.get(path(organization), {"sort": sort}).context["page"]
        second = client.get(path(organization), {"sort": sort, "after": first.next}).context["page"]
        seen = [row.pk for row in [*first.rows, *second.rows]]
        assert len(seen) == len(set(seen)) == 41

    def test_takes_the_same_queries_for_10_and_10_000_members(self, organization, client, query_count):
        """UI-2"""
        counts = []
        for number in (10, 10_000):
            add_members(organization, number)
            client.get(path(organization))
            with query_count() as seen:
                assert client.get(path(organization), {"sort": "name"}).status_code == 200
            counts.append(seen.count)
        assert counts[0] == counts[1]


def add_members(organization, number):
    with tenant_scope(organization.pk):
        present = Membership.objects.count()
        made = User.objects.bulk_create(
            User(
                email=f"bulk-{present}-{index}@example.com",
                first_name="Bulk",
                last_name=f"Person{index}",
                password="!",
                created_at=AT,
            )
            for index in range(number)
        )
        Membership.objects.bulk_create(
            Membership(organization=organization, user=user, role=Role.EXTERNAL, created_at=AT)
            for user in made
        )


class TestTheExport:
    def test_holds_members_and_invitations_without_formulas(self, organization, client):
        """INC-31"""
        make_member(organization, name="=HYPERLINK(1) +Rossi")
        invite(organization, "new@example.com", at=now())
        answer = client.get(path(organization, "export/"))
        text = answer.content.decode("utf-8-sig")
        assert answer["Content-Type"].startswith("text/csv")
        assert "new@example.com" in text
        assert "'=HYPERLINK" in text
        assert len(text.splitlines()) == 4

    def test_takes_the_same_filter(self, organization, client):
        """UI-2"""
        make_member(organization, name="Bob Rossi")
        text = client.get(path(organization, "export/"), {"q": "rossi"}).content.decode()
        assert "Rossi" in text
        assert "Aalto" not in text

    def test_is_for_who_manages_members(self, organization):
        """ORG-6"""
        assert client_of(make_member(organization)).get(path(organization, "export/")).status_code == 403
