"""The code flow with a real client library over real HTTP (ACC-16, INC-21)."""

import pytest
import requests
from authlib.integrations.base_client.errors import OAuthError

from accounts.applications.models import ApplicationKind, OAuthAccessToken, OAuthConsent, OAuthRefreshToken
from accounts.applications.services import revoke_consent
from accounts.users.models import User
from tests.factories.cast import make_tenant
from tests.factories.oauth import READ, Flow, make_application
from tests.factories.people import present, register, visitor


@pytest.fixture
def flow(site):
    owner, person = register(), register()
    application, secret = make_application(owner)
    return Flow(site, person, application, secret, scope=f"{READ} profile:read")


def profile(site, tokens) -> requests.Response:
    headers = {"Authorization": f"Bearer {tokens['access_token']}"}
    return requests.get(site.address("/api/1/profile"), headers=headers, timeout=60)


def test_is_described(site):
    """RFC 8414: a client finds all addresses by one."""
    document = requests.get(site.address("/.well-known/oauth-authorization-server"), timeout=60).json()
    assert document["issuer"] == site.url
    assert document["token_endpoint"] == site.address("/oauth/token/")
    assert document["code_challenge_methods_supported"] == ["S256"]
    assert document["response_types_supported"] == ["code"]
    assert set(document["grant_types_supported"]) == {
        "authorization_code",
        "client_credentials",
        "refresh_token",
    }


def test_gives_tokens_that_open_the_api(site, flow):
    """ACC-16, API-2."""
    tokens = flow.run()
    assert tokens["token_type"] == "Bearer"
    assert set(tokens["scope"].split()) == {READ, "profile:read"}
    assert tokens["expires_in"] == 3600
    assert profile(site, tokens).json()["data"]["email"] == OAuthConsent.objects.get().user.email


def test_works_without_a_secret(site):
    """ACC-16: an app on a device has none."""
    application, secret = make_application(register(), kind=ApplicationKind.NATIVE)
    assert secret == ""
    tokens = Flow(site, register(), application, secret, scope="profile:read").run()
    assert profile(site, tokens).status_code == 200


def test_names_the_server_in_its_answers(site, flow):
    """RFC 9207: against mixed-up servers, also with a refusal."""
    assert f"iss={requests.utils.quote(site.url, safe='')}" in flow.answer()
    refused = flow.answer(decision="deny")
    assert "iss=" in refused
    assert "error=access_denied" in refused
    assert f"state={flow.state}" in refused


def test_renews_and_rotates(site, flow):
    """ACC-16: each refresh token is used once."""
    first = dict(flow.run())
    second = dict(flow.client.refresh_token(refresh_token=first["refresh_token"]))
    assert second["access_token"] != first["access_token"]
    assert second["refresh_token"] != first["refresh_token"]
    assert profile(site, second).status_code == 200
    assert profile(site, first).status_code == 401


def test_ends_the_family_of_a_refresh_token_that_comes_twice(site, flow):
    """ACC-16: one of the two who hold it is a thief."""
    first = dict(flow.run())
    second = dict(flow.client.refresh_token(refresh_token=first["refresh_token"]))
    with pytest.raises(OAuthError, match="invalid_grant"):
        flow.client.refresh_token(refresh_token=first["refresh_token"])
    assert profile(site, second).status_code == 401
    with pytest.raises(OAuthError, match="invalid_grant"):
        flow.client.refresh_token(refresh_token=second["refresh_token"])


def test_refuses_a_reused_code_and_ends_what_it_gave(site, flow):
    """ACC-16, RFC 6749: a code that leaked."""
    address = flow.answer()
    tokens = dict(flow.exchange(address))
    with pytest.raises(OAuthError, match="invalid_grant"):
        flow.exchange(address)
    assert profile(site, tokens).status_code == 401
    with pytest.raises(OAuthError, match="invalid_grant"):
        flow.client.refresh_token(refresh_token=tokens["refresh_token"])


@pytest.mark.parametrize("verifier", ["w" * 64, "", None])
def test_refuses_a_wrong_verifier(flow, verifier):
    """ACC-16: who has the code alone has nothing."""
    address = flow.answer()
    with pytest.raises(OAuthError):
        flow.exchange(address, code_verifier=verifier)
    assert not OAuthAccessToken.objects.exists()


def test_refuses_another_redirect_address_with_the_code(flow):
    """INC-21: the address of the request, character by character."""
    address = flow.answer()
    flow.client.redirect_uri += "/"
    with pytest.raises(OAuthError):
        flow.exchange(address)
    assert not OAuthAccessToken.objects.exists()


def test_refuses_the_code_of_another_application(site, flow):
    """INC-4."""
    address = flow.answer()
    other, secret = make_application(register(), name="Other")
    thief = Flow(site, register(), other, secret)
    thief.state = flow.state
    with pytest.raises(OAuthError, match="invalid_grant"):
        thief.exchange(address, code_verifier=flow.verifier)


def test_refuses_after_the_consent_was_revoked(site, flow):
    """ACC-16: access and refresh tokens, and codes on their way."""
    tokens = dict(flow.run())
    waiting = flow.answer()
    revoke_consent(consent=OAuthConsent.objects.get(), actor=visitor(), at=present())
    assert profile(site, tokens).status_code == 401
    with pytest.raises(OAuthError, match="invalid_grant"):
        flow.client.refresh_token(refresh_token=tokens["refresh_token"])
    with pytest.raises(OAuthError, match="invalid_grant"):
        flow.exchange(waiting)


def test_stores_no_secret(flow):
    """ACC-16: a copy of the database opens nothing."""
    address = flow.answer()
    tokens = dict(flow.exchange(address))
    consent = OAuthConsent.objects.get()
    rows = [*consent.codes.values(), *consent.tokens.values(), *consent.refresh_tokens.values()]
    code = address.split("code=")[1].split("&")[0]
    assert len(rows) == 3
    for secret in (code, tokens["access_token"], tokens["refresh_token"]):
        assert secret not in str(rows)


def test_lets_the_client_give_tokens_back(site, flow):
    """RFC 7009: the refresh token takes its access token along."""
    tokens = dict(flow.run())
    answer = flow.client.revoke_token(site.address("/oauth/revoke/"), token=tokens["refresh_token"])
    assert answer.status_code == 200
    assert profile(site, tokens).status_code == 401
    assert not OAuthRefreshToken.objects.filter(revoked=None).exists()


def test_tells_a_client_of_its_own_tokens_only(site, flow):
    """RFC 7662: for all others, a token is none."""
    tokens = dict(flow.run())
    endpoint = site.address("/oauth/introspect/")
    own = flow.client.introspect_token(endpoint, token=tokens["access_token"]).json()
    assert own["active"] is True
    assert own["scope"] == tokens["scope"]
    other, secret = make_application(register(), name="Other")
    asked = requests.post(
        endpoint, {"token": tokens["access_token"]}, auth=(other.client_id, secret), timeout=60
    )
    assert asked.json() == {"active": False}
    assert requests.post(endpoint, {"token": tokens["access_token"]}, timeout=60).status_code == 401


@pytest.mark.parametrize("whose", ["the person", "the application"])
def test_tells_a_client_that_a_token_of_a_closed_account_is_none(site, flow, whose):
    """RFC 7662: the endpoint says of a token what the API says."""
    tokens = dict(flow.run())
    consent = OAuthConsent.objects.select_related("user", "application__user").get()
    endpoint = site.address("/oauth/introspect/")
    closed = consent.user if whose == "the person" else consent.application.user
    User.objects.filter(pk=closed.pk).update(is_active=False)
    assert profile(site, tokens).status_code == 401
    answer = flow.client.introspect_token(endpoint, token=tokens["access_token"])
    # A client whose owner is gone is none itself.
    assert answer.status_code == (200 if whose == "the person" else 401)
    assert answer.json().get("active", False) is False


def test_reaches_the_chosen_organization_alone(site):
    """INC-4: the person is a member of both."""
    person = register()
    chosen, other = make_tenant(person, name="Chosen AG"), make_tenant(person, name="Other AG")
    application, secret = make_application(register())
    tokens = Flow(site, person, application, secret, scope="organizations:read").run(chosen)
    headers = {"Authorization": f"Bearer {tokens['access_token']}"}
    for organization, status in ((chosen, 200), (other, 404)):
        path = site.address(f"/api/1/organizations/{organization.pk}")
        assert requests.get(path, headers=headers, timeout=60).status_code == status
    listed = requests.get(site.address("/api/1/organizations"), headers=headers, timeout=60).json()["data"]
    assert [row["id"] for row in listed] == [chosen.pk]
