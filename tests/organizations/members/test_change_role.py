"""Change a member's role (ORG-8, ORG-9, INC-5)."""

from concurrent.futures import ThreadPoolExecutor
from itertools import product

import pytest
from django.db import connections

from manager.kit.errors import DomainError, NotFound
from manager.kit.scope import tenant_scope
from manager.outbox.models import OutgoingMail
from manager.outbox.relay import drain_outbox
from organizations.access.grants import grants_of
from organizations.access.models import Grant
from organizations.access.roles import Role
from organizations.members.rules import BillingNotGivable, LastRepresentative, RoleNotGivable
from organizations.members.services import change_role
from tests.factories.cast import AT, grant, make_member, make_tenant
from tests.factories.members import actor_of, first_representative, membership_of

LR, A, C, E = Role.LEGAL_REPRESENTATIVE, Role.ADMINISTRATOR, Role.COLLABORATOR, Role.EXTERNAL
# Who may change whom, and to what: the old and the new role must both be ones that the changer gives.
GIVES = {LR: {LR, A, C, E}, A: {A, C, E}, C: set(), E: set()}


def change(organization, changer, user, role, *, has_billing=False):
    return change_role(
        organization_id=organization.pk,
        membership_id=membership_of(organization, user).pk,
        role=role,
        has_billing=has_billing,
        changer=changer,
        actor=actor_of(changer.user),
        at=AT,
    )


@pytest.fixture
def organization():
    return make_tenant()


class TestRoles:
    @pytest.mark.parametrize(("changer", "old", "new"), list(product(Role, Role, Role)))
    def test_are_given_and_taken_by_who_may(self, organization, changer, old, new):
        """INC-5: the matrix of changer, old and new role, 4 × 4 × 4."""
        giver = membership_of(organization, make_member(organization, changer, name="Gerda Giver"))
        user = make_member(organization, old)
        may = old == new or {old, new} <= GIVES[changer]

        if may:
            assert change(organization, giver, user, new).role == new
        else:
            with pytest.raises(RoleNotGivable):
                change(organization, giver, user, new)
        assert membership_of(organization, user).role == (new if may else old)

    @pytest.mark.parametrize("role", Role)
    def test_cannot_be_raised_by_oneself(self, organization, role):
        """INC-5"""
        user = make_member(organization, role)
        own = membership_of(organization, user)
        if role != LR:
            with pytest.raises(RoleNotGivable):
                change(organization, own, user, LR)

    def test_of_another_organization_stay(self, organization):
        """INC-2"""
        other = make_tenant()
        stranger = make_member(other, C, name="Dora Other")
        with pytest.raises(NotFound):
            change_role(
                organization_id=organization.pk,
                membership_id=membership_of(other, stranger).pk,
                role=E,
                has_billing=False,
                changer=first_representative(organization),
                actor=actor_of(stranger),
                at=AT,
            )

    def test_are_mailed_with_what_changed(self, organization):
        """ORG-8"""
        user = make_member(organization, C)
        change(organization, first_representative(organization), user, A, has_billing=True)
        drain_outbox(at=AT)

        mail = OutgoingMail.objects.using("system").get(template="membership_role_changed")
        assert mail.recipient == user.email
        assert "Collaborator" in mail.text
        assert "Administrator, with billing rights" in mail.text

    def test_that_see_everything_end_the_grants(self, organization):
        """ORG-13: who is limited again starts with nothing."""
        user, leader = make_member(organization, C), first_representative(organization)
        grant(organization, user, "manage", family="web")
        change(organization, leader, user, A)
        change(organization, leader, user, C)
        with tenant_scope(organization.pk):
            assert Grant.objects.filter(membership__user=user).exclude(ended_at=None).exists()
            assert not grants_of(membership_of(organization, user), at=AT).exists()


class TestBilling:
    def test_is_given_by_a_legal_representative(self, organization):
        """ORG-6"""
        user = make_member(organization, C)
        assert change(organization, first_representative(organization), user, C, has_billing=True).has_billing

    def test_is_not_given_by_an_administrator_without_it(self, organization):
        """INC-5"""
        giver = membership_of(organization, make_member(organization, A, name="Gerda Giver"))
        with pytest.raises(BillingNotGivable):
            change(organization, giver, make_member(organization, C), C, has_billing=True)
        with pytest.raises(BillingNotGivable):
            change(organization, giver, giver.user, A, has_billing=True)


class TestTheLastRepresentative:
    @pytest.mark.parametrize("role", [A, C, E])
    def test_is_not_demoted(self, organization, role):
        """ORG-9"""
        leader = first_representative(organization)
        with pytest.raises(LastRepresentative):
            change(organization, leader, leader.user, role, has_billing=True)

    def test_holds_under_twenty_at_once(self, organization):
        """ORG-9: two representatives demote each other, twenty times in parallel."""
        first = first_representative(organization)
        second = membership_of(organization, make_member(organization, LR, name="Second Leader"))

        def try_once(number):
            changer, user = (first, second.user) if number % 2 else (second, first.user)
            try:
                change(organization, changer, user, A)
            except DomainError as error:
                return error.code
            finally:
                connections.close_all()
            return "changed"

        with ThreadPoolExecutor(20) as pool:
            results = list(pool.map(try_once, range(20)))

        roles = {membership_of(organization, user).role for user in (first.user, second.user)}
        assert roles == {LR, A}
        assert results.count("changed") >= 1
        assert set(results) <= {"changed", "last_representative", "role_not_givable"}
