"""Services act for their owner in one organization, without a person (ACC-16, INC-4)."""

import pytest

from accounts.applications.models import OAuthAccessToken
from accounts.applications.services import InvalidApplication, change_application
from accounts.tokens.scopes import Scope
from manager.kit.errors import NotFound
from organizations.audit.models import AuditEvent
from organizations.members.models import Membership
from tests.factories.cast import make_member, make_tenant
from tests.factories.oauth import bearer, make_application, make_service, take_service_token
from tests.factories.people import present, register, visitor


@pytest.fixture
def owner():
    return register()


@pytest.fixture
def tenant(owner):
    return make_tenant(owner, name="Chosen AG")


def test_reaches_its_organization_alone(owner, tenant):
    """INC-4: also where the owner leads another one."""
    other = make_tenant(owner, name="Other AG")
    service = make_service(owner, tenant, "organizations:read")
    answer = take_service_token(*service).json()
    assert "refresh_token" not in answer
    client = bearer(answer["access_token"])
    assert client.get(f"/api/1/organizations/{tenant.pk}").status_code == 200
    assert client.get("/api/1/organizations/current").json()["data"]["id"] == tenant.pk
    assert client.get(f"/api/1/organizations/{other.pk}").status_code == 404


def test_does_what_its_owner_may(owner, tenant):
    """API-2: a service of an external member sees no members."""
    member = make_member(tenant, "external")
    service = make_service(member, tenant, "organizations:read")
    client = bearer(take_service_token(*service).json()["access_token"])
    assert client.get(f"/api/1/organizations/{tenant.pk}").status_code == 200
    assert client.get(f"/api/1/organizations/{tenant.pk}/members").status_code == 403


def test_is_named_in_the_activity(owner, tenant):
    """ORG-16: who acted, and through what."""
    application, secret = make_service(owner, tenant, "organizations:write")
    client = bearer(take_service_token(application, secret).json()["access_token"])
    body = {"emails": ["guest@example.com"], "role": "external"}
    path = f"/api/1/organizations/{tenant.pk}/invitations"
    assert client.post(path, body, content_type="application/json").status_code == 201
    event = AuditEvent.objects.using("system").filter(organization_id=tenant.pk).latest("pk")
    assert event.actor_kind == "token"
    assert event.through == application.name


@pytest.mark.parametrize("scope", ["", "everything", "billing:write", "organizations:read billing:write"])
def test_gets_no_scope_beyond_its_own(owner, tenant, scope):
    """INC-4."""
    answer = take_service_token(*make_service(owner, tenant, "organizations:read"), scope=scope)
    assert answer.status_code == 400
    assert answer.json()["error"] == "invalid_scope"


def test_gets_no_code(owner, tenant):
    """ACC-16: the grant of a kind is its only one."""
    application, secret = make_service(owner, tenant)
    for grant in ("authorization_code", "refresh_token"):
        answer = take_service_token(application, secret, grant_type=grant, code="x", refresh_token="mgf_x")
        assert answer.status_code == 400
    web, web_secret = make_application(owner)
    assert take_service_token(web, web_secret).json()["error"] == "unauthorized_client"


def test_loses_its_tokens_with_a_scope(owner, tenant):
    """ACC-16: nobody else would take it from them."""
    application, secret = make_service(owner, tenant, "organizations:read", "products:read")
    token = take_service_token(application, secret).json()["access_token"]
    change_application(
        application=application,
        name="Renamed",
        redirect_addresses=[],
        scopes=["products:read"],
        actor=visitor(),
        at=present(),
    )
    assert bearer(token).get(f"/api/1/organizations/{tenant.pk}").status_code == 401
    assert not OAuthAccessToken.objects.exists()


def test_is_bound_to_an_organization_of_its_owner(owner):
    """INC-1, INC-4."""
    foreign = make_tenant(register())
    with pytest.raises(NotFound):
        make_service(owner, foreign)
    with pytest.raises(InvalidApplication):
        make_application(owner, kind="service", redirect_addresses=[], organization_id=None)


def test_ends_with_the_owners_membership(owner, tenant):
    """ORG-9: whoever leaves takes the access along."""
    member = make_member(tenant, "administrator")
    service = make_service(member, tenant, "organizations:read")
    client = bearer(take_service_token(*service).json()["access_token"])
    assert client.get(f"/api/1/organizations/{tenant.pk}").status_code == 200
    Membership.objects.using("system").filter(user=member).delete()
    assert client.get(f"/api/1/organizations/{tenant.pk}").status_code == 404


@pytest.mark.parametrize("scope", Scope.values)
def test_needs_each_scope(owner, tenant, scope):
    """INC-4: a token with one scope opens nothing of another."""
    service = make_service(owner, tenant, scope)
    client = bearer(take_service_token(*service).json()["access_token"])
    opened = {
        "organizations:read": f"/api/1/organizations/{tenant.pk}",
        "products:read": f"/api/1/organizations/{tenant.pk}/products",
        "billing:read": f"/api/1/organizations/{tenant.pk}/invoices",
        "profile:read": "/api/1/profile",
    }
    for wanted, path in opened.items():
        assert client.get(path).status_code == (200 if wanted == scope else 403)
