"""Switching keeps the section that one is in, where it exists for the person (ORG-1)."""

import pytest

from manager.kit.scope import tenant_scope
from organizations.access.roles import Role
from organizations.members.models import Membership
from tests.factories.cast import AT, client_of, make_person, make_tenant
from tests.factories.products import make_family


@pytest.fixture
def alice():
    make_family("web")
    return make_person("Alice Meier")


@pytest.fixture
def second(alice):
    return make_tenant(alice, name="Second AG")


def switched_to(client, organization, section):
    return client.post(f"/o/{organization.pk}/switch/", {"section": section})["Location"]


@pytest.mark.parametrize("section", ["", "members/", "billing/invoices/", "products/web/", "settings/"])
def test_is_kept(alice, second, section):
    """ORG-1"""
    make_tenant(alice, name="First AG")
    assert switched_to(client_of(alice), second, section) == f"/o/{second.pk}/{section}"


@pytest.mark.parametrize("section", ["members/", "billing/invoices/", "settings/"])
def test_is_home_where_the_role_does_not_open_it(alice, section):
    """ORG-1"""
    other = make_tenant(make_person("Dora Other"), name="Other AG")
    with tenant_scope(other.pk):
        Membership.objects.create(organization=other, user=alice, role=Role.EXTERNAL, created_at=AT)
    assert switched_to(client_of(alice), other, section) == f"/o/{other.pk}/"


@pytest.mark.parametrize(
    "section",
    [
        "nowhere/",
        "billing/invoices/1/",
        "members/1/",
        "../3/",
        "//example.com/",
        "/example.com",
        "https://example.com/",
        "é/",
        "x" * 300,
        "members/\x00",
    ],
)
def test_is_home_for_what_is_no_section(alice, second, section):
    """INC-1: whatever is sent, one ends in the organization that was chosen."""
    assert switched_to(client_of(alice), second, section) == f"/o/{second.pk}/"


def test_is_sent_by_the_switcher(alice, second):
    """ORG-1: the menu's page above the present one."""
    make_tenant(alice, name="First AG")
    client = client_of(alice)
    page = client.get(f"/o/{second.pk}/members/invite/").content.decode()
    assert 'name="section" value="members/"' in page
    assert 'name="section" value=""' in client.get(f"/o/{second.pk}/").content.decode()
