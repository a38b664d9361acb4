"""Support access is given per kind, ends by itself or at once, and is told (ORG-15)."""

from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import translation
from django.utils.formats import time_format

from manager.kit.errors import NotFound
from manager.kit.scope import tenant_scope
from manager.outbox.models import OutgoingMail
from manager.outbox.relay import drain_outbox
from organizations.access.periodic import drain_ended_rights
from organizations.access.roles import Role
from organizations.audit.models import AuditEvent
from organizations.profile.models import Organization
from organizations.support.models import SupportGrant
from organizations.support.selectors import list_open_access
from organizations.support.services import give_support_access, revoke_support_access
from organizations.support.services.give import LASTS, SupportAlreadyOpen
from tests.factories.cast import AT, client_of, make_member, make_tenant
from tests.factories.members import actor_of, first_representative
from tests.factories.people import present
from tests.factories.support import open_support
from tests.isolation.world import make_token


def events(organization: Organization, name: str) -> list[AuditEvent]:
    """Return the organization's events of this name."""
    with tenant_scope(organization.pk):
        found = AuditEvent.objects.filter(organization_id=organization.pk, name=f"support_access.{name}")
        return list(found.order_by("id"))


def open_kinds(organization: Organization, at: datetime) -> list[str]:
    """Return the kinds of content that are open."""
    with tenant_scope(organization.pk):
        return [grant.kind for grant in list_open_access(organization_id=organization.pk, at=at)]


class TestGiving:
    def test_opens_one_kind_for_seven_days(self) -> None:
        """ORG-15"""
        organization = make_tenant()
        open_support(organization, ["mail"], reason="No mail arrives", at=AT)
        assert open_kinds(organization, AT + LASTS - timedelta(seconds=1)) == ["mail"]
        [event] = events(organization, "given")
        assert (event.data["kind"], event.data["reason"]) == ("mail", "No mail arrives")
        assert timedelta(days=7) == LASTS

    def test_ends_by_itself_without_any_periodic_work(self) -> None:
        """ORG-15: who asks compares with the clock."""
        organization = make_tenant()
        open_support(organization, ["mail"], at=AT)
        assert open_kinds(organization, AT + LASTS) == []

    def test_refuses_what_is_open(self) -> None:
        """A second one would outlive the first unseen."""
        organization = make_tenant()
        open_support(organization, ["mail"], at=AT)
        with pytest.raises(SupportAlreadyOpen):
            open_support(organization, ["mail"], at=AT + timedelta(days=1))

    def test_follows_one_that_is_over_but_not_written_down(self) -> None:
        """The end of the first is written then, once."""
        organization = make_tenant()
        open_support(organization, ["mail"], at=AT)
        open_support(organization, ["mail"], at=AT + LASTS)
        assert open_kinds(organization, AT + LASTS) == ["mail"]
        assert drain_ended_rights(at=AT + LASTS) == 0
        assert len(events(organization, "ended")) == 1

    def test_is_mailed_to_who_leads(self) -> None:
        """Those who lead, not the others; with the end in the organization's zone."""
        organization = make_tenant()
        leader = make_member(organization, Role.ADMINISTRATOR, name="Ada Leader")
        make_member(organization, Role.COLLABORATOR)
        [grant] = open_support(organization, ["files"], reason="Sync stops", at=present())
        drain_outbox(at=present())
        sent = OutgoingMail.objects.using("system").filter(template="support_access_given")
        expected = {first_representative(organization).user.email, leader.email}
        assert {mail.recipient for mail in sent} == expected
        assert "Sync stops" in sent[0].text
        until = grant.last_moment.astimezone(ZoneInfo(organization.time_zone))
        with translation.override("en"):
            assert time_format(until.time(), "TIME_FORMAT") in sent[0].text
        assert f"({organization.time_zone})" in sent[0].text


class TestEnding:
    def test_takes_it_back_at_once(self) -> None:
        """ORG-15: revoked at any time, by any leading member."""
        organization = make_tenant()
        [grant] = open_support(organization, ["mail"], at=AT)
        leader = make_member(organization, Role.ADMINISTRATOR)
        end: dict[str, Any] = {
            "organization_id": organization.pk,
            "grant_id": grant.pk,
            "actor": actor_of(leader),
        }
        revoke_support_access(**end, at=AT + timedelta(hours=1))
        assert open_kinds(organization, AT + timedelta(hours=1)) == []
        assert [event.actor_id for event in events(organization, "revoked")] == [leader.pk]
        with pytest.raises(NotFound):
            revoke_support_access(**end, at=AT + timedelta(hours=2))

    def test_reaches_no_other_organization(self) -> None:
        """ORG-17"""
        organization, other = make_tenant(), make_tenant(name="Other AG")
        [grant] = open_support(organization, ["mail"], at=AT)
        actor = actor_of(first_representative(other).user)
        with pytest.raises(NotFound):
            revoke_support_access(organization_id=other.pk, grant_id=grant.pk, actor=actor, at=AT)
        assert open_kinds(organization, AT) == ["mail"]

    def test_by_itself_is_written_down_once(self) -> None:
        """The one drain of all time-boxed rights."""
        organization = make_tenant()
        open_support(organization, ["mail", "chat"], at=AT)
        assert drain_ended_rights(at=AT + LASTS - timedelta(seconds=1)) == 0
        assert drain_ended_rights(at=AT + LASTS) == 2
        assert drain_ended_rights(at=AT + LASTS) == 0
        assert {event.actor_kind for event in events(organization, "ended")} == {"system"}

    def test_by_itself_is_mailed_to_who_leads(self) -> None:
        """ORG-15: once to each who heard that it was given; not where it was given again meanwhile."""
        organization = make_tenant(name="Example AG")
        leader = first_representative(organization).user
        administrator = make_member(organization, Role.ADMINISTRATOR)
        make_member(organization, Role.COLLABORATOR)
        open_support(organization, ["mail", "chat"], reason="No mail arrives", at=AT)
        open_support(organization, ["chat"], at=AT + LASTS)
        drain_ended_rights(at=AT + LASTS)
        drain_outbox(at=AT + LASTS)
        mails = OutgoingMail.objects.using("system").filter(template="support_access_ended")
        assert {mail.recipient for mail in mails} == {leader.email, administrator.email}
        assert len(mails) == 2
        assert mails[0].subject == "Support has no access to Example AG any more"
        assert "the mail services of Example AG has ended by itself" in mails[0].text
        assert "No mail arrives" in mails[0].text
        assert f"/o/{organization.pk}/support/" in mails[0].text


class TestThePage:
    def test_gives_and_revokes(self) -> None:
        """Each switch is a form; what is over stays to be read."""
        organization = make_tenant()
        user = first_representative(organization).user
        client, page = client_of(user), reverse("organizations:support_access", args=[organization.pk])
        give = reverse("organizations:give_support", args=[organization.pk, "mail"])
        assert "7 days" in client.get(give).content.decode()
        assert client.post(give, {"reason": "No mail arrives"}).status_code == 302
        assert client.post(give, {"reason": ""}).status_code == 409
        shown = client.get(page).content.decode()
        assert "No mail arrives" in shown
        with tenant_scope(organization.pk):
            grant = SupportGrant.objects.get(organization_id=organization.pk)
        revoke = reverse("organizations:revoke_support", args=[organization.pk, grant.pk])
        assert client.post(revoke).status_code == 302
        assert client.post(revoke).status_code == 404
        assert "Past access" in client.get(page).content.decode()

    def test_reminds_who_leads_on_every_page_and_nobody_else(self) -> None:
        """A banner with the way to end it."""
        organization = make_tenant()
        home = reverse("shell:home", args=[organization.pk])
        leader = client_of(first_representative(organization).user)
        assert "Support has access" not in leader.get(home).content.decode()
        open_support(organization, ["mail"])
        assert "Support has access" in leader.get(home).content.decode()
        member = client_of(make_member(organization, Role.COLLABORATOR))
        assert "Support has access" not in member.get(home).content.decode()

    def test_refuses_an_unknown_kind(self) -> None:
        """A made-up kind is a missing page."""
        organization = make_tenant()
        client = client_of(first_representative(organization).user)
        address = reverse("organizations:give_support", args=[organization.pk, "secrets"])
        assert client.post(address).status_code == 404


class TestTheOperations:
    def test_give_list_and_revoke(self, client: Client) -> None:
        """API-1"""
        organization = make_tenant()
        user = first_representative(organization).user
        _, secret = make_token(user, scopes=("organizations:read", "organizations:write"))
        bearer = {"authorization": f"Bearer {secret}"}
        path = f"/api/1/organizations/{organization.pk}/support-access"
        body = {"kind": "chat", "reason": "No calls"}
        made = client.post(path, body, content_type="application/json", headers=bearer)
        assert made.status_code == 201, made.content
        grant = made.json()["data"]["id"]
        again = client.post(path, body, content_type="application/json", headers=bearer)
        assert again.status_code == 409
        assert client.delete(f"{path}/{grant}", headers=bearer).status_code == 200
        [row] = client.get(path, headers=bearer).json()["data"]
        assert (row["kind"], row["ended_at"] is not None) == ("chat", True)


def test_belongs_to_the_giver() -> None:
    """Support acts on behalf of who gave the access."""
    organization = make_tenant()
    user = make_member(organization, Role.ADMINISTRATOR, name="Ada Leader")
    grant = give_support_access(
        organization_id=organization.pk, kind="mail", user_id=user.pk, actor=actor_of(user), at=AT
    )
    assert grant.given_by == user
