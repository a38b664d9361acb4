"""Ask for access, and answer (UI-6)."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from django.db import connections

from manager.kit.errors import DomainError, NotFound
from manager.kit.scope import tenant_scope
from manager.outbox.models import OutgoingMail
from manager.outbox.relay import drain_outbox
from organizations.access.models import Grant
from organizations.access.roles import Permission, Role
from organizations.grants.rules import Target
from organizations.members.rules import BillingNotGivable, RoleNotGivable
from organizations.members.services import remove_members
from organizations.requests.models import AccessRequest
from organizations.requests.services import approve_request, refuse_request, withdraw_request
from organizations.requests.services.ask import MOST_OPEN, AlreadyAllowed, TooManyRequests
from organizations.requests.services.decide import AlreadyAnswered
from organizations.requests.status import RequestStatus
from tests.factories.access import ask, give, present, why
from tests.factories.cast import AT, make_member, make_tenant
from tests.factories.members import actor_of, first_representative, membership_of
from tests.factories.products import make_family, make_product


@pytest.fixture
def organization():
    return make_tenant()


@pytest.fixture
def bob(organization):
    return make_member(organization, Role.COLLABORATOR, name="Bob Rossi")


@pytest.fixture
def seen(organization, bob):
    """A product that Bob sees and does not manage."""
    product = make_product(organization)
    give(organization, bob, Target(product_id=product.pk))
    return product


def approve(organization, request, by=None, **details):
    by = by or first_representative(organization)
    return approve_request(
        organization_id=organization.pk,
        request_id=request.pk,
        approver=by,
        actor=actor_of(by.user),
        at=AT,
        **details,
    )


def refuse(organization, request, by=None):
    by = by or first_representative(organization)
    return refuse_request(
        organization_id=organization.pk,
        request_id=request.pk,
        answer="Please ask Eva.",
        refuser=by,
        actor=actor_of(by.user),
        at=AT,
    )


def withdraw(organization, request, user):
    return withdraw_request(
        organization_id=organization.pk,
        request_id=request.pk,
        membership=present(organization, user),
        actor=actor_of(user),
        at=AT,
    )


def mails():
    drain_outbox(at=AT)
    rows = OutgoingMail.objects.using("system").filter(template__startswith="access_request")
    return sorted((mail.template, mail.recipient) for mail in rows)


class TestAsking:
    def test_reaches_those_who_can_give_it(self, organization, bob):
        """UI-6: the billing right is given by who has it, and by legal representatives."""
        make_member(organization, Role.ADMINISTRATOR, name="Ada Without")
        berta = make_member(organization, Role.ADMINISTRATOR, name="Berta Billing", has_billing=True)
        ask(organization, bob, permission="billing:manage", message="For the shop")
        people = {berta.email, first_representative(organization).user.email}
        assert mails() == sorted(("access_request_made", email) for email in people)

    def test_for_the_same_thing_is_one_request(self, organization, bob):
        """UI-6: with the later words and the higher level."""
        make_family("web")
        first = ask(organization, bob, target=Target(family="web"), level="view", message="One")
        second = ask(organization, bob, target=Target(family="web"), level="manage", message="Two")
        third = ask(organization, bob, target=Target(family="web"), level="view")
        assert first.pk == second.pk == third.pk
        assert (third.level, third.message) == ("manage", "Two")
        assert len(mails()) == 1

    def test_for_what_one_has_is_refused(self, organization, bob, seen):
        """UI-6"""
        for what in (
            {"permission": "members:view"},
            {"target": Target(product_id=seen.pk), "level": "view"},
        ):
            with pytest.raises(AlreadyAllowed):
                ask(organization, bob, **what)

    @pytest.mark.parametrize(
        "what",
        [
            {},
            {"permission": "made:up"},
            {"permission": "products:view"},
            {"permission": "billing:manage", "level": "view"},
            {"target": Target(family="made-up"), "level": "view"},
            {"target": Target(family="web"), "level": ""},
        ],
    )
    def test_for_what_is_not_there_finds_nothing(self, organization, bob, what):
        """INC-1"""
        make_family("web")
        with pytest.raises(NotFound):
            ask(organization, bob, **what)

    def test_tells_nothing_of_products_that_are_hidden(self, organization, bob):
        """ORG-13: a hidden product, a foreign one and a missing one look alike."""
        hidden, foreign = make_product(organization), make_product(make_tenant())
        for number in (hidden.pk, foreign.pk, 987_654):
            with pytest.raises(NotFound):
                ask(organization, bob, target=Target(product_id=number), level="manage")

    def test_has_an_end(self, organization, bob):
        """UI-6: nobody floods those who decide."""
        for number in range(MOST_OPEN):
            make_family(f"family-{number}")
            ask(organization, bob, target=Target(family=f"family-{number}"), level="view")
        with pytest.raises(TooManyRequests):
            ask(organization, bob, permission="billing:manage")


class TestApproving:
    def test_writes_the_grant_with_its_end(self, organization, bob, seen):
        """ORG-13, UI-6"""
        request = ask(organization, bob, target=Target(product_id=seen.pk), level="manage")
        answered = approve(organization, request, ends_at=AT + timedelta(days=2))
        assert answered.status == RequestStatus.APPROVED
        assert why(organization, bob, seen, manage=True).allowed
        assert not why(organization, bob, seen, manage=True, at=AT + timedelta(days=2)).allowed
        assert ("access_request_answered", bob.email) in mails()

    def test_may_give_less(self, organization, bob):
        """UI-6"""
        product = make_product(organization)
        request = ask(organization, bob, target=Target(family=product.family), level="manage")
        approve(organization, request, level="view")
        assert why(organization, bob, product).allowed
        assert not why(organization, bob, product, manage=True).allowed

    def test_gives_the_billing_right(self, organization, bob):
        """ORG-8"""
        leader = first_representative(organization)
        approve(organization, ask(organization, bob, permission="billing:manage"), by=leader)
        member = membership_of(organization, bob)
        assert (member.has_billing, member.role) == (True, Role.COLLABORATOR)

    def test_gives_the_least_role_that_has_the_right(self, organization):
        """ORG-8"""
        eva = make_member(organization, Role.EXTERNAL, name="Eva Klein")
        approve(organization, ask(organization, eva, permission=Permission.MEMBERS_VIEW))
        assert membership_of(organization, eva).role == Role.COLLABORATOR
        approve(organization, ask(organization, eva, permission=Permission.AUDIT_VIEW))
        assert membership_of(organization, eva).role == Role.ADMINISTRATOR

    @pytest.mark.parametrize("role", [Role.COLLABORATOR, Role.EXTERNAL])
    @pytest.mark.parametrize("permission", ["billing:manage", "members:manage", ""])
    def test_is_not_for_limited_members(self, organization, bob, role, permission):
        """INC-5: nor by the billing right, nor for oneself."""
        make_family("web")
        target = {} if permission else {"target": Target(family="web"), "level": "view"}
        request = ask(organization, bob, permission=permission, **target)
        other = make_member(organization, role, name="Otto Other", has_billing=True)
        for user in (other, bob):
            with pytest.raises(DomainError) as refused:
                approve(organization, request, by=present(organization, user))
            assert isinstance(refused.value, RoleNotGivable | BillingNotGivable)
            with pytest.raises(RoleNotGivable):
                refuse(organization, request, by=present(organization, user))
        with tenant_scope(organization.pk):
            assert AccessRequest.objects.get(pk=request.pk).status == RequestStatus.OPEN
            assert not Grant.objects.exists()

    def test_of_billing_needs_the_billing_right(self, organization, bob):
        """ORG-8"""
        admin = make_member(organization, Role.ADMINISTRATOR, name="Ada Without")
        request = ask(organization, bob, permission="billing:manage")
        with pytest.raises(BillingNotGivable):
            approve(organization, request, by=present(organization, admin))

    def test_happens_once(self, organization, bob, seen):
        """UI-6: whoever answers first."""
        request = ask(organization, bob, target=Target(product_id=seen.pk), level="manage")

        def answer(number):
            try:
                (approve if number % 2 else refuse)(organization, request)
            except AlreadyAnswered:
                return 0
            else:
                return 1
            finally:
                connections.close_all()

        with ThreadPoolExecutor(4) as pool:
            assert sum(pool.map(answer, range(4))) == 1

    def test_of_another_organization_is_refused(self, organization):
        """INC-2"""
        other = make_tenant()
        request = ask(other, make_member(other), permission="billing:manage")
        with pytest.raises(NotFound):
            approve(organization, request)


class TestRefusing:
    def test_tells_the_reason(self, organization, bob):
        """UI-6"""
        refused = refuse(organization, ask(organization, bob, permission="billing:manage"))
        assert (refused.status, refused.answer) == (RequestStatus.REFUSED, "Please ask Eva.")
        drain_outbox(at=AT)
        mail = OutgoingMail.objects.using("system").get(template="access_request_answered")
        assert "Please ask Eva." in mail.text

    def test_lets_ask_again(self, organization, bob):
        """UI-6"""
        first = ask(organization, bob, permission="billing:manage")
        refuse(organization, first)
        assert ask(organization, bob, permission="billing:manage").pk != first.pk


class TestWithdrawing:
    def test_is_for_who_asked(self, organization, bob):
        """UI-6"""
        request = ask(organization, bob, permission="billing:manage")
        other = make_member(organization, name="Otto Other")
        with pytest.raises(NotFound):
            withdraw(organization, request, other)
        assert withdraw(organization, request, bob).status == RequestStatus.WITHDRAWN
        with pytest.raises(AlreadyAnswered):
            approve(organization, request)

    def test_happens_when_the_member_is_removed(self, organization, bob):
        """UI-6: and until then nobody can approve."""
        request = ask(organization, bob, permission="billing:manage")
        leader = first_representative(organization)
        remove_members(
            organization_id=organization.pk,
            membership_ids=[present(organization, bob).pk],
            remover=leader,
            actor=actor_of(leader.user),
            at=AT,
        )
        with pytest.raises(AlreadyAnswered):
            approve(organization, request)
        drain_outbox(at=AT)
        with tenant_scope(organization.pk):
            assert AccessRequest.objects.get().status == RequestStatus.WITHDRAWN
