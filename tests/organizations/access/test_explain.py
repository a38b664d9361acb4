"""One answer to what a member may do, and why, against a naive model (ORG-6, ORG-13)."""

from datetime import timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from manager.kit.scope import tenant_scope
from organizations.access.choices import ProductRef
from organizations.access.decisions import (
    MissingPermission,
    ReasonKind,
    Standing,
    explain,
    find_access,
    require_permission,
)
from organizations.access.models import Grant, Level
from organizations.access.roles import Permission, Role, permissions_of
from organizations.access.timebox import live
from organizations.grants.rules import Target
from organizations.members.models import Membership
from organizations.teams.models import TeamMembership
from products.inventory.models import Product
from tests.factories.access import give, make_team, present, standing_of, why
from tests.factories.cast import AT, make_member, make_tenant
from tests.factories.products import make_plan, make_product

HOURS = st.integers(-2, 2)
FAMILIES = ("web", "cloud")
PRODUCTS = tuple(ProductRef(number, f"p{number}", FAMILIES[number % 2]) for number in range(1, 5))

a_target = st.one_of(
    st.sampled_from(FAMILIES).map(lambda family: {"family": family}),
    st.sampled_from(PRODUCTS).map(lambda product: {"product_id": product.id}),
)
a_grant = st.fixed_dictionaries(
    {
        "target": a_target,
        "level": st.sampled_from(Level.values),
        "team": st.sampled_from([None, 1, 2]),
        "starts": HOURS,
        "ends": st.none() | HOURS,
        "ended": st.booleans(),
    }
)


def expected(role, grants, own_teams, product, level):
    """The naive model: what a member reaches by reading the rules aloud."""
    if role in {Role.LEGAL_REPRESENTATIVE, Role.ADMINISTRATOR}:
        return True
    return any(
        (row["team"] is None or row["team"] in own_teams)
        and row["starts"] <= 0
        and (row["ends"] is None or row["ends"] > 0)
        and not row["ended"]
        and (row["target"].get("family") == product.family or row["target"].get("product_id") == product.id)
        and (level == Level.VIEW or row["level"] == Level.MANAGE)
        for row in grants
    )


class Model:
    """One organization with a member, two teams and four products, whose grants change with each example."""

    def __init__(self):
        self.organization = make_tenant()
        self.user = make_member(self.organization)
        plans = {family: make_plan(family=family) for family in FAMILIES}
        self.products = {ref: make_product(self.organization, plan=plans[ref.family]) for ref in PRODUCTS}
        self.ids = {ref.id: product.pk for ref, product in self.products.items()}
        self.teams = {number: make_team(self.organization, f"T{number}") for number in (1, 2)}

    def store(self, role, grants, own_teams):
        """Make the rows as the example says."""
        with tenant_scope(self.organization.pk):
            Grant.objects.all().delete()
            TeamMembership.objects.all().delete()
            Membership.objects.filter(user=self.user).update(role=role)
            member = Membership.objects.get(user=self.user)
            for number in own_teams:
                TeamMembership.objects.create(
                    organization=self.organization,
                    team=self.teams[number],
                    membership=member,
                    created_at=AT,
                )
            for row in grants:
                self._store(member, row)

    def _store(self, member, row):
        target = dict(row["target"])
        if "product_id" in target:
            target["product_id"] = next(
                p.pk for r, p in self.products.items() if r.id == target["product_id"]
            )
        Grant.objects.create(
            organization=self.organization,
            membership=member if row["team"] is None else None,
            team=self.teams.get(row["team"]),
            level=row["level"],
            created_at=AT,
            starts_at=AT + timedelta(hours=row["starts"]),
            ends_at=None if row["ends"] is None else AT + timedelta(hours=row["ends"]),
            ended_at=AT if row["ended"] else None,
            **target,
        )

    def compare(self, role, grants, own_teams):
        """Ask in every way, and compare with the rules read aloud."""
        standing = standing_of(self.organization, self.user)
        scope = standing.product_scope
        with tenant_scope(self.organization.pk):
            filtered = set(scope.filter(Product.objects.all()).values_list("pk", flat=True))
        for ref, product in self.products.items():
            known = ProductRef(product.pk, ref.name, ref.family)
            view = explain(standing=standing, permission=Permission.PRODUCTS_VIEW, product=known)
            manage = explain(standing=standing, permission=Permission.PRODUCTS_MANAGE, product=known)
            sees = expected(role, grants, own_teams, ref, Level.VIEW)
            manages = expected(role, grants, own_teams, ref, Level.MANAGE)
            assert (view.allowed, manage.allowed) == (sees, manages)
            assert (product.pk in filtered) == scope.may_view(product.pk, ref.family) == sees
            assert scope.may_manage(product.pk, ref.family) == manages
            assert bool(view.because) == view.allowed


class TestProducts:
    def test_are_reached_as_the_rules_say(self):
        """ORG-13: `explain`, the scope's questions and its filter agree, over roles, teams, grants, times."""
        model = Model()

        @settings(max_examples=120, deadline=None, derandomize=True)
        @given(
            role=st.sampled_from(Role.values),
            grants=st.lists(a_grant, max_size=6, unique_by=lambda row: (str(row["target"]), row["team"])),
            own_teams=st.sets(st.sampled_from([1, 2])),
        )
        def check(role, grants, own_teams):
            model.store(role, grants, own_teams)
            model.compare(role, grants, own_teams)

        check()

    def test_name_every_source(self):
        """ORG-13: a direct grant and a team at once."""
        organization = make_tenant()
        bob = make_member(organization)
        product, team = make_product(organization), make_team(organization, "Designers", [bob])
        give(organization, bob, Target(product_id=product.pk))
        give(organization, team, Target(family=product.family), level="manage")
        seen = why(organization, bob, product)
        assert {reason.kind for reason in seen.because} == {ReasonKind.GRANT, ReasonKind.TEAM}
        managed = why(organization, bob, product, manage=True)
        assert [(reason.kind, reason.label) for reason in managed.because] == [(ReasonKind.TEAM, "Designers")]

    @pytest.mark.parametrize("count", [3, 300])
    def test_cost_the_same_with_few_and_many_grants(self, count, query_count):
        """ORG-13"""
        organization = make_tenant()
        bob = make_member(organization)
        team = make_team(organization, members=[bob])
        with tenant_scope(organization.pk):
            membership = present(organization, bob)
            holders = ({"membership": membership}, {"team": team})
            Grant.objects.bulk_create(
                Grant(
                    organization=organization,
                    product_id=number,
                    level="view",
                    created_at=AT,
                    starts_at=AT,
                    **holders[number % 2],
                )
                for number in range(1, count + 1)
            )
        with query_count() as seen:
            access = find_access(organization_id=organization.pk, user_id=bob.pk, at=AT)
        assert access is not None
        assert len(access.product_scope.product_ids) == count
        assert len([text for text in seen.statements if "SELECT" in text and "set_config" not in text]) <= 2


class TestPermissions:
    @pytest.mark.parametrize("role", Role)
    @pytest.mark.parametrize("has_billing", [False, True])
    def test_are_those_of_role_and_billing_right(self, role, has_billing):
        """ORG-6: what decides and what explains are one."""
        membership = Membership(role=role, has_billing=has_billing)
        standing = Standing(membership, ())
        allowed = {name for name in Permission if explain(standing=standing, permission=name).allowed}
        assert allowed == permissions_of(role, has_billing=has_billing) == standing.can

    def test_that_are_missing_name_who_can_give_them(self):
        """UI-6: the billing right is given by who has it, or by a legal representative."""
        organization = make_tenant()
        make_member(organization, Role.ADMINISTRATOR, name="Ada Without")
        make_member(organization, Role.ADMINISTRATOR, name="Berta Billing", has_billing=True)
        bob = make_member(organization)
        access = find_access(organization_id=organization.pk, user_id=bob.pk, at=AT)
        with pytest.raises(MissingPermission) as missing:
            require_permission(access, Permission.BILLING_MANAGE)
        assert missing.value.context["granted_by"] == ["Alice Meier", "Berta Billing"]
        with pytest.raises(MissingPermission) as missing:
            require_permission(access, Permission.MEMBERS_MANAGE)
        assert "Ada Without" in missing.value.context["granted_by"]


class TestTimeBox:
    @pytest.mark.parametrize("starts", [-1, 0, 1])
    @pytest.mark.parametrize("ends", [None, -1, 0, 1])
    def test_is_the_same_in_rows_and_in_memory(self, starts, ends):
        """ORG-13: from the beginning on, up to the end, which counts no more."""
        organization = make_tenant()
        bob = make_member(organization)
        with tenant_scope(organization.pk):
            grant = Grant.objects.create(
                organization=organization,
                membership=present(organization, bob),
                family="web",
                level="view",
                created_at=AT,
                starts_at=AT + timedelta(seconds=starts),
                ends_at=None if ends is None else AT + timedelta(seconds=ends),
            )
            should = starts <= 0 and (ends is None or ends > 0)
            assert Grant.objects.filter(live(AT)).exists() == grant.is_live(AT) == should
