"""Applications, a person's browser on the consent page, and a real OAuth client library."""

import re
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

import requests
from authlib.common.security import generate_token
from authlib.integrations.requests_client import OAuth2Session
from authlib.oauth2.rfc7636 import create_s256_code_challenge
from django.conf import settings
from django.test import Client

from accounts.applications.models import ApplicationKind, OAuthApplication, OAuthConsent
from accounts.applications.services import authorize_application, register_application
from accounts.users.models import User
from manager.kit.scope import person_scope
from tests.factories.people import FIREFOX, present, signed_in, visitor

BACK = "https://client.example/back"
READ = "products:read"


def make_application(user: User, **values: Any) -> tuple[OAuthApplication, str]:
    """Return an application of `user` and its secret; a web application where nothing else is said."""
    given = {
        "name": "Invoice robot",
        "kind": ApplicationKind.WEB,
        "redirect_addresses": [BACK],
        "scopes": [READ, "organizations:read", "profile:read"],
        "organization_id": None,
        **values,
    }
    with person_scope(user.pk):
        return register_application(user=user, actor=visitor(), at=present(), **given)


def make_service(user: User, organization: Any, *scopes: str) -> tuple[OAuthApplication, str]:
    """Return a service of `user` in an organization."""
    return make_application(
        user,
        kind=ApplicationKind.SERVICE,
        redirect_addresses=[],
        organization_id=organization.pk,
        scopes=scopes or [READ],
    )


def make_consent(user: User, *scopes: str) -> OAuthConsent:
    """Return what `user` allows an application of his or her own, in all organizations."""
    application, _secret = make_application(user, name="Own robot")
    with person_scope(user.pk):
        return authorize_application(
            user=user,
            application=application,
            scopes=scopes or [READ],
            organization_id=None,
            actor=visitor(),
            at=present(),
        )


class Flow:
    """The code flow of one person and one application, the client being Authlib's."""

    def __init__(
        self, site: Any, user: User, application: OAuthApplication, secret: str, scope: str = READ
    ) -> None:
        self.site = site
        self.verifier = generate_token(64)
        self.client = OAuth2Session(
            application.client_id,
            secret or None,
            scope=scope,
            redirect_uri=application.addresses[0] if application.addresses else None,
            code_challenge_method="S256",
            token_endpoint_auth_method="client_secret_basic" if secret else "none",
            token_endpoint=site.address("/oauth/token/"),
        )
        self.browser = web_browser(user, site)

    def ask(self, **changed: Any) -> str:
        """Return the address to which the application sends the person."""
        address, self.state = self.client.create_authorization_url(
            self.site.address("/oauth/authorize/"), code_verifier=self.verifier
        )
        query = {name: values[0] for name, values in parse_qs(urlsplit(address).query).items()}
        query = {name: value for name, value in {**query, **changed}.items() if value is not None}
        return f"{self.site.address('/oauth/authorize/')}?{urlencode(query)}"

    def answer(self, organization: Any = "all", decision: str = "allow", **changed: Any) -> str:
        """Let the person answer on the page; return where the browser is sent."""
        return answer(self.browser, self.ask(**changed), organization, decision)

    def exchange(self, address: str, **changed: Any) -> dict[str, Any]:
        """Let the library take tokens for the code in `address`."""
        given = {"code_verifier": self.verifier, "state": self.state, **changed}
        return self.client.fetch_token(authorization_response=address, **given)

    def run(self, organization: Any = "all") -> dict[str, Any]:
        """Run the whole flow; return the tokens."""
        return self.exchange(self.answer(organization))


def web_browser(user: User, site: Any) -> requests.Session:
    """Return a browser over real HTTP in which `user` has signed in just now."""
    cookie = signed_in(user).cookies[settings.SESSION_COOKIE_NAME].value
    session = requests.Session()
    session.headers["User-Agent"] = FIREFOX
    session.cookies.set(settings.SESSION_COOKIE_NAME, cookie)
    return session


def answer(browser: requests.Session, address: str, organization: Any, decision: str) -> str:
    """Answer the page at `address`; return where the browser is sent."""
    page = browser.get(address)
    assert page.status_code == 200, page.text
    token = re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', page.text)
    assert token
    where = organization if isinstance(organization, str) else str(organization.pk)
    fields = {"csrfmiddlewaretoken": token.group(1), "organization": where, "decision": decision}
    sent = browser.post(address, fields, allow_redirects=False)
    assert sent.status_code == 302, sent.text
    return sent.headers["Location"]


def consent_query(application: OAuthApplication, **changed: str | None) -> dict[str, str]:
    """Return the query with which an application asks; `None` leaves a part out."""
    asked = {
        "response_type": "code",
        "client_id": application.client_id,
        "redirect_uri": application.addresses[0],
        "scope": READ,
        "state": "of the client",
        "code_challenge": create_s256_code_challenge("v" * 64),
        "code_challenge_method": "S256",
        **changed,
    }
    return {name: value for name, value in asked.items() if value is not None}


def code_for(client: Client, application: OAuthApplication, organization: str = "all", **changed: str) -> str:
    """Let the person in `client` allow the application; return the code (its verifier is 64 times `v`)."""
    address = f"/oauth/authorize/?{urlencode(consent_query(application, **changed))}"
    sent = client.post(address, {"decision": "allow", "organization": organization})
    assert sent.status_code == 302, sent.content.decode()
    return parse_qs(urlsplit(sent["Location"]).query)["code"][0]


def take_tokens(application: OAuthApplication, secret: str, code: str, **changed: str) -> Any:
    """Send the code to the token endpoint; return the answer."""
    fields = {
        "grant_type": "authorization_code",
        "code": code,
        "redirect_uri": application.addresses[0],
        "code_verifier": "v" * 64,
        "client_id": application.client_id,
        **({"client_secret": secret} if secret else {}),
        **changed,
    }
    return Client().post("/oauth/token/", fields)


def take_service_token(application: OAuthApplication, secret: str, **changed: str) -> Any:
    """Send a service's secret to the token endpoint; return the answer."""
    fields = {
        "grant_type": "client_credentials",
        "scope": " ".join(application.scopes),
        "client_id": application.client_id,
        "client_secret": secret,
        **changed,
    }
    return Client().post("/oauth/token/", fields)


def renew(application: OAuthApplication, secret: str, refresh_token: str) -> Any:
    """Send a refresh token to the token endpoint; return the answer."""
    fields = {
        "grant_type": "refresh_token",
        "refresh_token": refresh_token,
        "client_id": application.client_id,
        **({"client_secret": secret} if secret else {}),
    }
    return Client().post("/oauth/token/", fields)


def bearer(token: str) -> Client:
    """Return a client of the API with this access token."""
    return Client(headers={"authorization": f"Bearer {token}"})
