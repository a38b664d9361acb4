"""Invite people (ORG-7)."""

import pytest

from manager.kit.scope import tenant_scope
from manager.outbox.models import OutgoingMail
from manager.outbox.relay import drain_outbox
from organizations.access.roles import Role
from organizations.members.rules import BillingNotGivable, RoleNotGivable
from organizations.members.secrets import invitation_key
from organizations.members.selectors import list_billing_contacts
from organizations.members.services import invite_members
from organizations.members.services.invite import AlreadyMember, TooManyInvitations
from tests.factories.cast import AT, make_member, make_tenant
from tests.factories.members import actor_of, invite_all, membership_of


@pytest.fixture
def organization():
    return make_tenant(name="Example AG")


def mails():
    drain_outbox(at=AT.replace(hour=23))
    return list(OutgoingMail.objects.using("system").filter(template="invitation_sent").order_by("id"))


class TestInvitations:
    def test_are_mailed_to_each_address_with_its_own_link(self, organization):
        """ORG-7"""
        sent = invite_all(organization, ["bob@example.com", "Eva@Example.com"])
        messages = mails()

        assert [mail.recipient for mail in messages] == ["bob@example.com", "eva@example.com"]
        for invitation, mail in zip(sent, messages, strict=True):
            assert f"/invitations/{invitation_key(invitation)}/" in mail.text
            assert "Example AG" in mail.subject

    def test_of_one_address_twice_are_one(self, organization):
        """ORG-7"""
        first = invite_all(organization, ["bob@example.com", "BOB@example.com"])
        again = invite_all(organization, ["bob@example.com"], role=Role.EXTERNAL)
        assert len(first) == 1
        assert again[0].pk == first[0].pk

    def test_are_not_mailed_once_sent_again(self, organization):
        """ORG-7: only the newest link goes out."""
        invite_all(organization, ["bob@example.com"])
        newest = invite_all(organization, ["bob@example.com"], at=AT.replace(hour=20))[0]
        messages = mails()
        assert len(messages) == 1
        assert invitation_key(newest) in messages[0].text

    def test_refuse_a_member(self, organization):
        """ORG-7"""
        user = make_member(organization)
        with pytest.raises(AlreadyMember):
            invite_all(organization, ["new@example.com", user.email.upper()])
        assert mails() == []

    def test_refuse_more_than_a_hundred_open(self, organization):
        """ORG-7: nobody sends mail to the whole world from here."""
        for part in range(5):
            invite_all(organization, [f"p{part}-{number}@example.com" for number in range(20)])
        with pytest.raises(TooManyInvitations):
            invite_all(organization, ["one-more@example.com"])

    @pytest.mark.parametrize(
        ("role", "given", "error"),
        [
            (Role.ADMINISTRATOR, Role.LEGAL_REPRESENTATIVE, RoleNotGivable),
            (Role.COLLABORATOR, Role.EXTERNAL, RoleNotGivable),
            (Role.EXTERNAL, Role.EXTERNAL, RoleNotGivable),
            (Role.ADMINISTRATOR, Role.COLLABORATOR, BillingNotGivable),
        ],
    )
    def test_give_no_more_than_the_inviter_may(self, organization, role, given, error):
        """ORG-8, INC-5"""
        user = make_member(organization, role)
        with pytest.raises(error):
            invite_members(
                organization_id=organization.pk,
                emails=["bob@example.com"],
                role=given,
                has_billing=error is BillingNotGivable,
                inviter=membership_of(organization, user),
                actor=actor_of(user),
                at=AT,
            )


class TestBillingContacts:
    def test_are_who_has_the_billing_right(self, organization):
        """BIL-12"""
        user = make_member(organization, Role.EXTERNAL, has_billing=True)
        make_member(organization, Role.COLLABORATOR)
        with tenant_scope(organization.pk):
            contacts = list_billing_contacts(organization_id=organization.pk)
        assert len(contacts) == 2
        assert user.email in {contact.email for contact in contacts}


def test_whoever_was_demoted_meanwhile_invites_nobody(organization):
    """ORG-8: what counts is the role at the moment of inviting, not when the page was asked for."""
    user = make_member(organization, role=Role.ADMINISTRATOR)
    inviter = membership_of(organization, user)
    with tenant_scope(organization.pk):
        type(inviter).objects.filter(pk=inviter.pk).update(role=Role.COLLABORATOR)
        with pytest.raises(RoleNotGivable):
            invite_members(
                organization_id=organization.pk,
                emails=["friend@example.com"],
                role=Role.ADMINISTRATOR,
                has_billing=False,
                inviter=inviter,
                actor=actor_of(user),
                at=AT,
            )
    assert mails() == []
