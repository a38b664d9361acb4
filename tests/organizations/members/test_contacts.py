"""Who gets which administrative mails (ORG-11)."""

import pytest

from manager.kit.scope import tenant_scope
from organizations.access.roles import Role
from organizations.audit.models import AuditEvent
from organizations.members.rules import RoleNotGivable
from organizations.members.selectors import list_contacts
from organizations.members.services import choose_topics
from organizations.members.services.topics import TopicNeedsBilling, TopicUnknown
from organizations.members.topics import Topic, effective_topics
from tests.factories.cast import AT, client_of, make_member, make_tenant
from tests.factories.members import actor_of, first_representative, membership_of


@pytest.fixture
def organization():
    return make_tenant()


def choose(organization, user, topics, *, changer=None):
    changer = changer or first_representative(organization)
    return choose_topics(
        organization_id=organization.pk,
        membership_id=membership_of(organization, user).pk,
        topics=topics,
        changer=changer,
        actor=actor_of(changer.user),
        at=AT,
    )


def contacts(organization, topic):
    with tenant_scope(organization.pk):
        return {contact.email for contact in list_contacts(organization_id=organization.pk, topic=topic)}


class TestContacts:
    def test_follow_the_rights_unless_chosen(self, organization):
        """ORG-11"""
        leader = first_representative(organization).user.email
        admin = make_member(organization, Role.ADMINISTRATOR).email
        payer = make_member(organization, Role.EXTERNAL, has_billing=True).email
        assert contacts(organization, Topic.BILLING) == {leader, payer}
        assert contacts(organization, Topic.REMINDERS) == {leader, payer}
        assert contacts(organization, Topic.TECHNICAL) == {leader, admin}
        assert contacts(organization, Topic.LEGAL) == {leader}

    def test_are_who_has_chosen(self, organization):
        """ORG-11"""
        leader, bob = first_representative(organization).user, make_member(organization)
        choose(organization, bob, {"technical", "legal"})
        choose(organization, leader, {"billing"})
        assert contacts(organization, Topic.TECHNICAL) == {bob.email}
        assert contacts(organization, Topic.LEGAL) == {bob.email}
        assert contacts(organization, Topic.BILLING) == {leader.email}

    def test_are_never_nobody(self, organization):
        """ORG-11: what nobody wants goes to the legal representatives."""
        leader = first_representative(organization).user
        choose(organization, leader, set())
        assert all(contacts(organization, topic) == {leader.email} for topic in Topic)

    def test_lose_what_tells_amounts_with_the_billing_right(self, organization):
        """ORG-6: a choice outlives no right."""
        bob = make_member(organization, has_billing=True)
        choose(organization, bob, {"billing", "technical"})
        member = membership_of(organization, bob)
        with tenant_scope(organization.pk):
            member.has_billing = False
            member.save()
        assert bob.email not in contacts(organization, Topic.BILLING)
        assert effective_topics(member.topics, member.role, has_billing=False) == {"technical"}


class TestChoosing:
    def test_refuses_amounts_without_the_billing_right(self, organization):
        """ORG-6"""
        with pytest.raises(TopicNeedsBilling):
            choose(organization, make_member(organization), {"billing"})

    def test_refuses_what_there_is_not(self, organization):
        """Bad input is refused."""
        with pytest.raises(TopicUnknown):
            choose(organization, make_member(organization), {"gossip"})

    def test_for_others_needs_the_role_above(self, organization):
        """INC-5"""
        bob, eva = make_member(organization), make_member(organization, name="Eva Klein")
        with pytest.raises(RoleNotGivable):
            choose(organization, bob, {"technical"}, changer=membership_of(organization, eva))
        own = choose(organization, bob, {"technical"}, changer=membership_of(organization, bob))
        assert own.topics == ["technical"]

    def test_is_written_down(self, organization):
        """ORG-16"""
        choose(organization, make_member(organization), {"legal"})
        with tenant_scope(organization.pk):
            assert AuditEvent.objects.get(name="membership.topics_chosen").data["after"] == ["legal"]


class TestPages:
    def test_let_everybody_choose_for_oneself(self, organization):
        """ORG-11"""
        bob = make_member(organization, Role.EXTERNAL)
        client, path = client_of(bob), f"/o/{organization.pk}/mails/"
        assert "Needs billing rights" in client.get(path).content.decode()
        assert client.post(path, {"topics": ["technical"]}).status_code == 302
        assert membership_of(organization, bob).topics == ["technical"]
        assert client.post(path, {"topics": ["billing"]}).status_code == 409

    def test_let_who_manages_members_choose(self, organization):
        """ORG-11"""
        bob = make_member(organization)
        client = client_of(first_representative(organization).user)
        path = f"/o/{organization.pk}/members/{membership_of(organization, bob).pk}/mails/"
        assert client.post(path, {"topics": ["legal"]}).status_code == 302
        assert membership_of(organization, bob).topics == ["legal"]


@pytest.mark.parametrize("role", Role.values)
def test_the_page_stands_in_the_menu_of_every_member(role):
    """ORG-11, UI-1: everybody chooses the own mails."""
    organization = make_tenant()
    client = client_of(make_member(organization, role))
    page = f"/o/{organization.pk}/mails/"
    assert f'href="{page}"' in client.get(f"/o/{organization.pk}/").content.decode()
    assert client.get(page).status_code == 200
