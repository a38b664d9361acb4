"""What is begun at the very instant at which the organization is deleted (ORG-14): refused, never broken."""

import threading
from collections.abc import Callable
from typing import Any

import pytest
from django.db import connections, transaction
from django.test import Client

from manager.kit.errors import DomainError
from manager.kit.scope import tenant_scope
from organizations.access.locks import OrganizationDeleted
from organizations.access.models import Grant
from organizations.audit.models import AuditEvent
from organizations.grants.rules import Target
from organizations.members.models import Membership
from organizations.members.secrets import invitation_key
from organizations.members.services import accept_invitation
from organizations.profile.models import Organization
from organizations.support.models import SupportGrant
from organizations.teams.models import Team
from tests.factories.access import give, make_team
from tests.factories.amounts import chf
from tests.factories.billing import make_address, make_legal_entity
from tests.factories.cast import AT, client_of, make_person, make_tenant
from tests.factories.members import actor_of, first_representative, invite
from tests.factories.products import make_plan
from tests.factories.support import enter, open_support, support_staff
from tests.isolation.world import make_token
from tests.organizations.deletion.test_delete import delete, row_of


@pytest.fixture
def organization() -> Organization:
    make_legal_entity()
    return make_tenant(name="Example AG")


def while_deleting(organization: Organization, attempt: Callable[[], Any]) -> Any:
    """Run `attempt` while the deletion is done and not committed; it comes in, and has to wait for it."""
    deleted, go_on = threading.Event(), threading.Event()
    failures: list[BaseException] = []

    def end() -> None:
        try:
            with transaction.atomic():
                delete(organization)
                deleted.set()
                go_on.wait(120)
        except BaseException as error:  # noqa: BLE001  (told in the test's own thread)
            failures.append(error)
            deleted.set()
        finally:
            connections.close_all()

    other = threading.Thread(target=end)
    other.start()
    assert deleted.wait(120)
    release = threading.Timer(0.5, go_on.set)
    release.start()
    try:
        return attempt()
    finally:
        other.join()
        assert not failures, failures
        assert row_of(organization).deleted_at is not None


SHEET = {"kind": "company", "country": "CH", "language": "en", "time_zone": "Europe/Zurich"}
PAGES = {
    "team": ("teams/create/", {"name": "Designers", "color": "teal"}),
    "sheet": ("settings/", {**SHEET, "name": "Renamed AG"}),
    "support": ("support/give/mail/", {"reason": "No mail arrives"}),
    "address": (
        "billing/addresses/add/",
        {
            "kind": "company",
            "name": "Example AG",
            "street": "Bahnhofstrasse 1",
            "postal_code": "8001",
            "city": "Zürich",
            "country": "CH",
        },
    ),
}


@pytest.mark.parametrize("what", PAGES)
def test_a_page_refuses(organization: Organization, what: str) -> None:
    """ORG-14: it says that the organization is deleted, and nothing was written."""
    path, data = PAGES[what]
    client = client_of(first_representative(organization).user)
    answer = while_deleting(organization, lambda: client.post(f"/o/{organization.pk}/{path}", data))
    # 422 where the form stays open, with the reason at its head.
    assert answer.status_code in {410, 422}, answer.status_code
    assert "has just been deleted" in answer.content.decode()
    assert row_of(organization).name == f"#{organization.pk}"
    with tenant_scope(organization.pk):
        assert not Team.objects.exists()
        assert not SupportGrant.objects.exists()


def test_an_operation_refuses(organization: Organization, client: Client) -> None:
    """ORG-14: an order, whose first row the database itself keeps out."""
    make_address(organization, is_default=True)
    secret = make_token(first_representative(organization).user, scopes=("products:write", "billing:write"))[
        1
    ]
    path = f"/api/1/organizations/{organization.pk}/orders"
    lines = [{"plan": make_plan().slug, "months": 12, "name": "Late"}]
    body = {"lines": lines, "confirmed_total": chf(12_972)}
    headers = {"authorization": f"Bearer {secret}"}
    answer = while_deleting(
        organization, lambda: client.post(path, body, content_type="application/json", headers=headers)
    )
    assert (answer.status_code, answer.json()["error"]["code"]) == (410, "organization_deleted")


def test_an_invitation_makes_no_member(organization: Organization) -> None:
    """ORG-14: accepting waits for the organization before it looks at the invitation."""
    guest = make_person()
    key = invitation_key(invite(organization, guest.email))
    with pytest.raises(DomainError) as refused:
        while_deleting(
            organization, lambda: accept_invitation(key=key, user=guest, actor=actor_of(guest), at=AT)
        )
    assert refused.type is OrganizationDeleted
    with tenant_scope(organization.pk):
        assert not Membership.objects.exists()


def test_support_is_out_and_grants_end(organization: Organization) -> None:
    """ORG-14, ORG-15: with the deletion itself, before any event is relayed; the audit log tells."""
    team = make_team(organization)
    give(organization, team, Target(family=make_plan().family.slug))
    open_support(organization, ["account"])
    staff = support_staff()
    enter(staff, organization)
    assert staff.get(f"/o/{organization.pk}/").status_code == 200
    delete(organization)
    assert staff.get(f"/o/{organization.pk}/").status_code == 404
    with tenant_scope(organization.pk):
        assert not Grant.objects.filter(ended_at=None).exists()
        assert not SupportGrant.objects.filter(ended_at=None).exists()
        told = set(AuditEvent.objects.values_list("name", flat=True))
    assert {"grant.revoked", "support_access.revoked", "organization.deleted"} <= told
