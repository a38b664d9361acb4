"""Closing an account (ACC-15)."""

import pytest
from django.test import Client

from accounts.closing.services import CannotClose, close_account
from accounts.users.models import User
from manager.kit.clock import now
from manager.kit.errors import DomainError
from manager.kit.scope import tenant_scope
from manager.outbox.models import OutgoingMail
from manager.outbox.relay import drain_outbox
from organizations.access.roles import Role
from organizations.audit.models import AuditEvent
from organizations.members.models import Membership
from tests.factories.cast import make_tenant
from tests.factories.members import actor_of
from tests.factories.people import PASSWORD, register
from tests.factories.together import at_once
from tests.factories.tokens import token_client

PAGE = "/profile/close/"
YES = {"password": PASSWORD, "understood": "on"}


@pytest.fixture
def person():
    return register()


@pytest.fixture
def client(person):
    client = Client()
    client.post("/sign-in/", {"email": person.email, "password": PASSWORD})
    return client


class TestAnAccountThatCanGo:
    def test_is_closed_for_good(self, person, client):
        """ACC-15"""
        token = token_client(person, "profile:read")
        address = person.email
        assert client.post(PAGE, YES).status_code == 302
        assert client.get("/profile/").status_code == 302
        assert token.get("/api/1/profile").status_code == 401
        assert Client().post("/sign-in/", {"email": address, "password": PASSWORD}).status_code == 422
        person.refresh_from_db()
        assert (person.name, person.phone, person.is_active) == (person.email, "", False)
        assert address not in person.email

    def test_leaves_its_organizations(self, person, client):
        """ACC-15, ORG-2"""
        organization = make_tenant(name="Example AG")
        with tenant_scope(organization.pk):
            Membership.objects.create(
                organization=organization, user=person, role=Role.COLLABORATOR, created_at=now()
            )
        client.post(PAGE, YES)
        with tenant_scope(organization.pk):
            assert not Membership.objects.filter(user=person).exists()
            assert AuditEvent.objects.filter(name="membership.removed").exists()

    def test_gets_a_last_mail_at_its_old_address(self, person, client):
        """ACC-15"""
        client.post(PAGE, YES)
        drain_outbox(at=now())
        mail = OutgoingMail.objects.get(template="account_closed")
        assert mail.recipient == person.email

    def test_frees_its_login_for_somebody_new(self, person, client):
        """ACC-1"""
        client.post(PAGE, YES)
        assert not User.objects.filter(email=person.email).exists()

    def test_closes_once_when_pressed_ten_times(self, person):
        """ACC-15"""
        at_once(
            10,
            lambda: close_account(user=person, actor=actor_of(person), at=now()),
            refusal=CannotClose,
        )
        drain_outbox(at=now())
        assert OutgoingMail.objects.filter(template="account_closed").count() == 1


class TestTheOnlyLegalRepresentative:
    def test_sees_what_has_to_be_settled(self, person, client):
        """ACC-15, ORG-9"""
        organization = make_tenant(person, name="Example AG")
        page = client.get(PAGE)
        assert [one.met for one in page.context["conditions"]] == [False]
        assert f"/o/{organization.pk}/members/" in page.content.decode()

    def test_cannot_close_the_account(self, person, client):
        """ACC-15, ORG-9"""
        make_tenant(person, name="Example AG")
        assert client.post(PAGE, YES).status_code == 422
        with pytest.raises(CannotClose):
            close_account(user=person, actor=actor_of(person), at=now())
        person.refresh_from_db()
        assert person.is_active

    def test_is_kept_when_all_of_them_close_at_once(self):
        """ORG-9: one stays, whoever is first."""
        people = [register() for _ in range(5)]
        organization = make_tenant(people[0], name="Example AG")
        with tenant_scope(organization.pk):
            for one in people[1:]:
                Membership.objects.create(
                    organization=organization, user=one, role=Role.LEGAL_REPRESENTATIVE, created_at=now()
                )

        waiting = iter(people)

        def close():
            one = next(waiting)
            close_account(user=one, actor=actor_of(one), at=now())

        assert at_once(5, close, refusal=DomainError) == 4
        with tenant_scope(organization.pk):
            assert Membership.objects.filter(role=Role.LEGAL_REPRESENTATIVE).count() == 1


class TestTheForm:
    @pytest.mark.parametrize(
        ("fields", "wrong"),
        [
            ({"password": "another one", "understood": "on"}, "password"),
            ({"password": PASSWORD}, "understood"),
            ({}, "password"),
        ],
    )
    def test_tells_what_is_missing(self, person, client, fields, wrong):
        """ACC-15"""
        answer = client.post(PAGE, fields)
        assert answer.status_code == 422
        assert answer.context["form"].errors[wrong]
        person.refresh_from_db()
        assert person.closed_at is None
