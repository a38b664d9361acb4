"""Grants of products to limited members (ORG-13)."""

import pytest

from manager.kit.errors import NotFound
from manager.kit.scope import tenant_scope
from organizations.access.choices import ProductChoices
from organizations.access.grants import product_scope_of
from organizations.access.roles import Role
from organizations.members.rules import RoleNotGivable
from organizations.members.services import grant_access, revoke_grant
from organizations.members.services.grant import GrantNotNeeded, UnknownGrant
from tests.factories.cast import AT, client_of, make_member, make_tenant
from tests.factories.members import actor_of, first_representative, membership_of
from tests.factories.products import make_product


@pytest.fixture
def organization():
    return make_tenant()


@pytest.fixture
def bob(organization):
    return make_member(organization, Role.COLLABORATOR, name="Bob Rossi")


def give(organization, user, *, level="view", granter=None, **what):
    granter = granter or first_representative(organization)
    return grant_access(
        organization_id=organization.pk,
        membership_id=membership_of(organization, user).pk,
        level=level,
        granter=granter,
        actor=actor_of(granter.user),
        at=AT,
        **what,
    )


def scope_of(organization, user):
    with tenant_scope(organization.pk):
        return product_scope_of(membership_of(organization, user))


class TestGranting:
    def test_lets_a_member_see_or_manage_one_product(self, organization, bob):
        """ORG-13"""
        product = make_product(organization)
        give(organization, bob, product_id=product.pk)
        scope = scope_of(organization, bob)
        assert scope.may_view(product.pk, "other")
        assert not scope.may_manage(product.pk, "other")

        give(organization, bob, product_id=product.pk, level="manage")
        assert scope_of(organization, bob).may_manage(product.pk, "other")

    def test_reaches_a_whole_family(self, organization, bob):
        """ORG-13"""
        product = make_product(organization)
        give(organization, bob, family=product.family, level="manage")
        later = make_product(organization)
        assert scope_of(organization, bob).may_manage(later.pk, later.family)

    def test_knows_no_product_of_another_organization(self, organization, bob):
        """INC-1"""
        foreign = make_product(make_tenant())
        with pytest.raises(UnknownGrant):
            give(organization, bob, product_id=foreign.pk)
        with pytest.raises(UnknownGrant):
            give(organization, bob, family="made-up")

    def test_is_for_limited_roles(self, organization):
        """ORG-6"""
        admin = make_member(organization, Role.ADMINISTRATOR)
        product = make_product(organization)
        with pytest.raises(GrantNotNeeded):
            give(organization, admin, product_id=product.pk)

    def test_is_refused_to_limited_members(self, organization, bob):
        """INC-5"""
        product = make_product(organization)
        with pytest.raises(RoleNotGivable):
            give(organization, bob, product_id=product.pk, granter=membership_of(organization, bob))

    def test_ends(self, organization, bob):
        """ORG-13"""
        grant = give(organization, bob, product_id=make_product(organization).pk)
        leader = first_representative(organization)
        values = {"organization_id": organization.pk, "grant_id": grant.pk, "actor": actor_of(leader.user)}
        with pytest.raises(NotFound):
            revoke_grant(membership_id=leader.pk, at=AT, **values)
        revoke_grant(membership_id=membership_of(organization, bob).pk, at=AT, **values)
        assert not scope_of(organization, bob).product_ids

    def test_is_given_on_the_members_page(self, organization, bob):
        """ORG-13"""
        product = make_product(organization, name="granted.example")
        client = client_of(first_representative(organization).user)
        path = f"/o/{organization.pk}/members/{membership_of(organization, bob).pk}/"
        assert "granted.example" in client.get(path).content.decode()
        answer = client.post(f"{path}grants/", {"what": f"product:{product.pk}", "level": "manage"})
        assert answer.status_code == 302
        assert client.post(f"{path}grants/", {"what": "product:1", "level": "manage"}).status_code == 422


def test_choices_name_what_is_gone():
    """ORG-13: a grant outlives its product."""
    assert ProductChoices().name_of(family="", product_id=7) == "#7"
