"""Grants of products to members and teams (ORG-13)."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction

from manager.kit.errors import NotFound
from manager.kit.scope import tenant_scope
from organizations.access.choices import ProductChoices
from organizations.access.models import Grant
from organizations.access.roles import Role
from organizations.grants.rules import EndIsPast, GrantNotNeeded, Target, UnknownGrant
from organizations.members.rules import RoleNotGivable
from tests.factories.access import give, make_team, present, why
from tests.factories.cast import AT, make_member, make_tenant
from tests.factories.products import make_product


@pytest.fixture
def organization():
    return make_tenant()


@pytest.fixture
def bob(organization):
    return make_member(organization, Role.COLLABORATOR, name="Bob Rossi")


class TestGranting:
    def test_lets_a_member_see_or_manage_one_product(self, organization, bob):
        """ORG-13: a later grant of the same thing replaces the earlier one."""
        product = make_product(organization)
        give(organization, bob, Target(product_id=product.pk))
        assert why(organization, bob, product).allowed
        assert not why(organization, bob, product, manage=True).allowed
        give(organization, bob, Target(product_id=product.pk), level="manage")
        assert len(why(organization, bob, product, manage=True).because) == 1
        give(organization, bob, Target(product_id=product.pk))
        assert not why(organization, bob, product, manage=True).allowed

    def test_reaches_a_whole_family_with_its_future_products(self, organization, bob):
        """ORG-13"""
        product = make_product(organization)
        give(organization, bob, Target(family=product.family), level="manage")
        later = make_product(organization)
        assert why(organization, bob, later, manage=True).allowed

    def test_gives_several_at_once_or_none(self, organization, bob):
        """ORG-13"""
        first, second = make_product(organization), make_product(organization)
        foreign = make_product(make_tenant())
        with pytest.raises(UnknownGrant):
            give(organization, bob, Target(product_id=first.pk), Target(product_id=foreign.pk))
        assert not why(organization, bob, first).allowed
        assert len(give(organization, bob, Target(product_id=first.pk), Target(product_id=second.pk))) == 2

    @pytest.mark.parametrize(
        "target", [Target(), Target(family="made-up"), Target(family="web", product_id=1)]
    )
    def test_knows_what_can_be_granted(self, organization, bob, target):
        """ORG-13"""
        make_product(organization)
        with pytest.raises(UnknownGrant):
            give(organization, bob, target)

    def test_reaches_the_members_of_a_team(self, organization, bob):
        """ORG-12"""
        product, team = make_product(organization), make_team(organization, members=[bob])
        give(organization, team, Target(product_id=product.pk))
        assert why(organization, bob, product).allowed
        other = make_member(organization, Role.EXTERNAL)
        assert not why(organization, other, product).allowed

    def test_is_for_limited_roles(self, organization):
        """ORG-6"""
        admin = make_member(organization, Role.ADMINISTRATOR)
        with pytest.raises(GrantNotNeeded):
            give(organization, admin, Target(product_id=make_product(organization).pk))

    def test_is_refused_to_limited_members(self, organization, bob):
        """INC-5: for others, for oneself, and for one's team."""
        target = Target(product_id=make_product(organization).pk)
        team = make_team(organization, members=[bob])
        for to in (bob, team):
            with pytest.raises(RoleNotGivable):
                give(organization, to, target, granter=present(organization, bob))

    def test_knows_no_team_of_another_organization(self, organization):
        """INC-1"""
        with pytest.raises(NotFound):
            give(organization, make_team(make_tenant()), Target(product_id=make_product(organization).pk))

    def test_has_no_end_in_the_past(self, organization, bob):
        """ORG-13"""
        for ends_at in (AT, AT - timedelta(days=1)):
            with pytest.raises(EndIsPast):
                give(organization, bob, Target(product_id=make_product(organization).pk), ends_at=ends_at)


class TestRows:
    @pytest.mark.parametrize("both", [False, True])
    def test_are_to_a_member_or_a_team_and_not_to_both(self, organization, bob, both):
        """ORG-13: by the database."""
        team = make_team(organization)
        member = present(organization, bob)
        to = {"membership": member, "team": team} if both else {}
        with (
            tenant_scope(organization.pk),
            pytest.raises(IntegrityError, match="grant_is_to"),
            transaction.atomic(),
        ):
            Grant.objects.create(organization=organization, family="web", level="view", created_at=AT, **to)


def test_choices_name_what_is_gone():
    """ORG-13: a grant outlives its product."""
    assert ProductChoices().name_of(family="", product_id=7) == "#7"
