"""Accept an invitation (ORG-7, INC-6, INC-7)."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from django.db import connections

from manager.kit.actor import Actor, ActorKind
from manager.kit.errors import NotFound
from manager.kit.scope import tenant_scope
from organizations.access.roles import Role
from organizations.audit.models import AuditEvent
from organizations.members.models import Invitation, Membership
from organizations.members.secrets import invitation_key
from organizations.members.services import accept_invitation, resend_invitation, withdraw_invitation
from organizations.members.services.accept import InvitationExpired, InvitationForAnother
from tests.factories.cast import AT, make_person, make_tenant
from tests.factories.members import actor_of, invite, membership_of


@pytest.fixture
def alice():
    return make_person("Alice Meier")


@pytest.fixture
def organization(alice):
    return make_tenant(alice)


def accept(key, user, at=AT):
    return accept_invitation(key=key, user=user, actor=actor_of(user), at=at)


class TestAccept:
    def test_makes_the_invited_person_a_member_with_the_role(self, organization):
        """ORG-7"""
        bob = make_person("Bob Keller")
        invitation = invite(organization, bob.email, role=Role.COLLABORATOR, has_billing=True)

        membership = accept(invitation_key(invitation), bob)

        assert (membership.organization_id, membership.role, membership.has_billing) == (
            organization.pk,
            Role.COLLABORATOR,
            True,
        )
        with tenant_scope(organization.pk):
            assert AuditEvent.objects.filter(name="invitation.accepted").count() == 1

    def test_twenty_at_once_make_one_membership(self, organization):
        """INC-7"""
        bob = make_person("Bob Keller")
        key = invitation_key(invite(organization, bob.email))

        def try_once(_number):
            try:
                return accept(key, bob).pk
            finally:
                connections.close_all()

        with ThreadPoolExecutor(20) as pool:
            made = set(pool.map(try_once, range(20)))

        assert len(made) == 1
        with tenant_scope(organization.pk):
            assert Membership.objects.filter(user=bob).count() == 1
            assert AuditEvent.objects.filter(name="invitation.accepted").count() == 1

    def test_refuses_another_address(self, organization):
        """INC-7: the invitation is bound to its address."""
        charlie = make_person("Charlie Stranger")
        invitation = invite(organization, "bob@example.com")

        with pytest.raises(InvitationForAnother):
            accept(invitation_key(invitation), charlie)
        assert membership_of(organization, charlie) is None

    def test_refuses_after_seven_days(self, organization):
        """ORG-7"""
        bob = make_person("Bob Keller")
        invitation = invite(organization, bob.email)

        with pytest.raises(InvitationExpired):
            accept(invitation_key(invitation), bob, at=AT + timedelta(days=7))
        assert accept(invitation_key(invitation), bob, at=AT + timedelta(days=7, seconds=-1))

    def test_refuses_a_withdrawn_one(self, organization, alice):
        """ORG-7"""
        bob = make_person("Bob Keller")
        invitation = invite(organization, bob.email)
        withdraw_invitation(
            organization_id=organization.pk, invitation_id=invitation.pk, actor=actor_of(alice), at=AT
        )

        with pytest.raises(NotFound):
            accept(invitation_key(invitation), bob)

    def test_refuses_the_link_of_an_earlier_sending(self, organization, alice):
        """ORG-7: sending again makes a new link."""
        bob = make_person("Bob Keller")
        invitation = invite(organization, bob.email)
        old = invitation_key(invitation)
        newer = resend_invitation(
            organization_id=organization.pk,
            invitation_id=invitation.pk,
            inviter=membership_of(organization, alice),
            actor=actor_of(alice),
            at=AT + timedelta(days=1),
        )

        with pytest.raises(NotFound):
            accept(old, bob)
        assert accept(invitation_key(newer), bob)

    def test_refuses_the_key_under_another_organization(self, organization):
        """INC-6: the secret of one organization opens no other."""
        other = make_tenant(make_person("Dora Other"))
        bob = make_person("Bob Keller")
        secret = invitation_key(invite(organization, bob.email)).partition("-")[2]

        with pytest.raises(NotFound):
            accept(f"{other.pk}-{secret}", bob)
        assert membership_of(other, bob) is None

    @pytest.mark.parametrize("key", ["", "-", "1", "1-", "x-y", "99999999999999999999-a", "1-\u0661", "-1-a"])
    def test_refuses_made_up_keys(self, key):
        """ORG-7"""
        with pytest.raises(NotFound):
            accept(key, make_person("Bob Keller"))

    def test_keeps_the_role_of_who_is_a_member_already(self, organization, alice):
        """ORG-9: accepting an invitation takes nothing away."""
        alice.email = "alice.new@example.com"
        invitation = invite(organization, alice.email, role=Role.EXTERNAL)
        alice.save(update_fields=["email"])

        accept(invitation_key(invitation), alice)

        assert membership_of(organization, alice).role == Role.LEGAL_REPRESENTATIVE

    def test_stores_the_secret_hashed_only(self, organization, superuser_connection):
        """INC-7"""
        invitation = invite(organization, "bob@example.com")
        secret = invitation_key(invitation).partition("-")[2]
        row = superuser_connection.execute(
            "SELECT i::text FROM organizations_invitation i WHERE id = %s", [invitation.pk]
        ).fetchone()
        events = superuser_connection.execute("SELECT payload::text FROM outbox_outboxevent").fetchall()

        assert secret not in str(row)
        assert secret not in str(events)
        assert isinstance(invitation, Invitation)


def test_the_actor_of_an_acceptance_is_the_person(organization):
    """ORG-16"""
    bob = make_person("Bob Keller")
    actor = Actor(ActorKind.PERSON, bob.pk, bob.name, address="192.0.2.1")
    accept_invitation(key=invitation_key(invite(organization, bob.email)), user=bob, actor=actor, at=AT)
    with tenant_scope(organization.pk):
        event = AuditEvent.objects.get(name="invitation.accepted")
    assert (event.actor_id, event.actor_name, event.address) == (bob.pk, "Bob Keller", "192.0.2.1")
