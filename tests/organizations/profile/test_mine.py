"""The list of a person's organizations (ORG-2)."""

import pytest

from manager.kit.scope import tenant_scope
from organizations.access.roles import Role
from organizations.members.models import Membership
from tests.factories.cast import AT, client_of, make_member, make_person, make_tenant


@pytest.fixture
def alice():
    return make_person("Alice Meier")


def rows(client, **query):
    return client.get("/organizations/", query).context["rows"]


class TestLeaving:
    def test_is_greyed_with_the_reason_for_the_only_representative(self, alice):
        """ORG-2, UI-6"""
        organization = make_tenant(alice)
        page = client_of(alice).get("/organizations/").content.decode()
        assert "An organization needs a legal representative." in page
        assert f'href="/o/{organization.pk}/leave/"' not in page

    def test_is_offered_once_there_is_another(self, alice):
        """ORG-2"""
        organization = make_tenant(alice)
        client = client_of(alice)
        bob = make_member(organization, Role.ADMINISTRATOR)
        with tenant_scope(organization.pk):
            pk = Membership.objects.get(user=bob).pk
        client.post(f"/o/{organization.pk}/members/{pk}/", {"role": Role.LEGAL_REPRESENTATIVE})
        assert f'href="/o/{organization.pk}/leave/"' in client.get("/organizations/").content.decode()

    def test_is_offered_to_everybody_else(self, alice):
        """ORG-2"""
        organization = make_tenant(make_person("Dora Other"))
        with tenant_scope(organization.pk):
            Membership.objects.create(
                organization=organization, user=alice, role=Role.EXTERNAL, created_at=AT
            )
        assert [row["leave_reason"] for row in rows(client_of(alice))] == [""]


def test_goes_by_pages_with_the_same_queries(alice, query_count):
    """ORG-2: 3 or 60 organizations."""
    client = client_of(alice)
    counts = []
    for number in (3, 57):
        for _ in range(number):
            make_tenant(alice)
        client.get("/organizations/")
        with query_count() as seen:
            page = client.get("/organizations/")
        counts.append(seen.count)
    assert counts[0] == counts[1]
    first = page.context["page"]
    after = client.get("/organizations/", {"after": first.next}).context["page"]
    assert len(first.rows) == len(after.rows) == 25
    assert not {row.pk for row in first.rows} & {row.pk for row in after.rows}


def test_is_searched_without_scripts(alice):
    """ORG-2"""
    make_tenant(alice, name="First AG")
    make_tenant(alice, name="Second AG")
    found = rows(client_of(alice), q="secon")
    assert [row["membership"].organization.name for row in found] == ["Second AG"]
    assert rows(client_of(alice), q="\x00") != []
