"""Switch between organizations (ORG-1, ORG-2, ORG-3)."""

import pytest

from manager.kit.scope import person_scope
from organizations.access.memberships import find_last_used_id
from organizations.members.selectors import list_memberships_of
from tests.factories.cast import client_of, make_person, make_tenant


@pytest.fixture
def alice():
    return make_person("Alice Meier")


class TestSwitching:
    def test_puts_the_organization_first(self, alice):
        """ORG-1"""
        first, second = make_tenant(alice, name="First AG"), make_tenant(alice, name="Second AG")
        client = client_of(alice)
        for organization in (first, second, first):
            answer = client.post(f"/o/{organization.pk}/switch/")
            assert answer["Location"] == f"/o/{organization.pk}/"
            with person_scope(alice.pk):
                assert list_memberships_of(user=alice)[0].organization_id == organization.pk
            assert find_last_used_id(user_id=alice.pk) == organization.pk

    def test_asks_for_a_post(self, alice):
        """A link that somebody sends changes nothing."""
        organization = make_tenant(alice)
        assert client_of(alice).get(f"/o/{organization.pk}/switch/").status_code == 405

    def test_reads_300_organizations_with_one_query(self, alice, query_count):
        """ORG-1: a partner's switcher is as quick as everybody's."""
        for number in range(12):
            make_tenant(alice, name=f"Tenant {number}")
        with person_scope(alice.pk), query_count() as seen:
            names = {membership.organization.name for membership in list_memberships_of(user=alice)}
        assert len(names) == 12
        assert len([sql for sql in seen.statements if "SELECT" in sql]) == 1


class TestMyOrganizations:
    def test_lists_the_own_ones_alone(self, alice):
        """ORG-2"""
        make_tenant(alice, name="First AG")
        make_tenant(make_person("Dora Other"), name="Foreign AG")
        page = client_of(alice).get("/organizations/").content.decode()
        assert "First AG" in page
        assert "Foreign AG" not in page

    def test_tells_why_the_only_representative_cannot_leave(self, alice):
        """ORG-2"""
        organization = make_tenant(alice)
        client = client_of(alice)
        assert "You cannot leave yet" in client.get(f"/o/{organization.pk}/leave/").content.decode()
        assert client.post(f"/o/{organization.pk}/leave/").status_code == 409

    def test_is_where_a_further_one_is_created(self, alice):
        """ORG-3"""
        client = client_of(alice)
        answer = client.post(
            "/organizations/new/", {"name": "Further GmbH", "kind": "company", "country": "DE"}
        )
        assert answer.status_code == 302
        with person_scope(alice.pk):
            membership = list_memberships_of(user=alice).get()
        assert (membership.organization.name, membership.organization.currency) == ("Further GmbH", "EUR")
        assert client.post("/organizations/new/", {"name": ""}).status_code == 422
