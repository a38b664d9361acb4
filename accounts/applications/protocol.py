"""The authorization server: three grants, one way of PKCE, and nothing else that could be asked for.

The protocol is oauthlib's; what is good is decided by `validator`, and stored by django-oauth-toolkit's
rules. The library's own views are not routed.
"""

import re
from functools import cache
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from oauth2_provider.oauth2_backends import OAuthLibCore
from oauth2_provider.scopes import BaseScopes
from oauthlib.common import Request
from oauthlib.oauth2 import (
    AuthorizationEndpoint,
    BearerToken,
    ClientCredentialsGrant,
    IntrospectEndpoint,
    RefreshTokenGrant,
    RevocationEndpoint,
    TokenEndpoint,
)
from oauthlib.oauth2.rfc6749 import errors
from oauthlib.oauth2.rfc6749.grant_types import AuthorizationCodeGrant
from oauthlib.oauth2.rfc6749.grant_types.authorization_code import code_challenge_method_s256

from accounts.applications.validator import Validator
from accounts.tokens.scopes import Scope
from accounts.tokens.secrets import ACCESS, REFRESH, make_token

CHALLENGE = re.compile(r"[A-Za-z0-9_-]{43}")
Answer = tuple[dict[str, str], str, int]


class VocabularyScopes(BaseScopes):
    """The library's view of the one vocabulary of scopes."""

    def get_all_scopes(self) -> dict[str, str]:
        """Return each scope with its words."""
        return {scope.value: str(scope.label) for scope in Scope}

    def get_available_scopes(
        self, application: Any = None, request: Any = None, *args: Any, **kwargs: Any
    ) -> list[str]:
        """Return what the application was made for."""
        return list(application.scopes) if application else list(Scope.values)

    def get_default_scopes(
        self, application: Any = None, request: Any = None, *args: Any, **kwargs: Any
    ) -> list[str]:
        """Return nothing: an application says what it asks for."""
        return []


class CodeGrant(AuthorizationCodeGrant):
    """An authorization code for one who proves that the request was his or hers (PKCE, S256 only)."""

    _code_challenge_methods = {"S256": code_challenge_method_s256}

    def validate_authorization_request(self, request: Request) -> tuple[list[str], dict[str, Any]]:
        """Refuse a challenge that no SHA-256 can have as well."""
        scopes, info = super().validate_authorization_request(request)
        if not CHALLENGE.fullmatch(request.code_challenge or ""):
            raise errors.InvalidRequestError(description="Invalid code_challenge.", request=request)
        return scopes, info


class Server(AuthorizationEndpoint, IntrospectEndpoint, TokenEndpoint, RevocationEndpoint):
    """The endpoints with the grants that exist: code, refresh, and client credentials."""

    def __init__(self, validator: Validator) -> None:
        lasts = settings.OAUTH2_PROVIDER["ACCESS_TOKEN_EXPIRE_SECONDS"]
        bearer = BearerToken(validator, make_access_token, lasts, make_refresh_token)
        code = CodeGrant(validator)
        AuthorizationEndpoint.__init__(self, "code", bearer, {"code": code})
        TokenEndpoint.__init__(
            self,
            "authorization_code",
            bearer,
            {
                "authorization_code": code,
                "client_credentials": ClientCredentialsGrant(validator),
                "refresh_token": RefreshTokenGrant(validator),
            },
        )
        RevocationEndpoint.__init__(self, validator)
        IntrospectEndpoint.__init__(self, validator, supported_token_types=["access_token"])


class Protocol(OAuthLibCore):
    """The server as views call it, with Django's requests."""

    def validate(self, request: HttpRequest) -> tuple[list[str], dict[str, Any]]:
        """Return the scopes asked for, and the rest of a request for authorization.

        Only the address counts, so that a form sent to it changes nothing of what is asked.

        :raises OAuth2Error: the request is wrong; `FatalClientError` where nobody may be sent back.
        """
        uri, headers = self._asked(request)
        asked: tuple[list[str], dict[str, Any]] = self.server.validate_authorization_request(
            uri, "GET", None, headers
        )
        return asked

    def authorize(self, request: HttpRequest, scopes: list[str], **granted: Any) -> str:
        """Return the address with a new code to which the person is sent back.

        :raises OAuth2Error: see `validate`.
        """
        uri, headers = self._asked(request)
        answer, _body, _status = self.server.create_authorization_response(
            uri, "GET", None, headers, scopes, granted
        )
        return str(answer["Location"])

    def exchange(self, request: HttpRequest) -> Answer:
        """Answer a request for tokens."""
        _uri, headers, body, status = self.create_token_response(request)
        return headers, body, status

    def revoke(self, request: HttpRequest) -> Answer:
        """Answer a client that gives a token back (RFC 7009)."""
        _uri, headers, body, status = self.create_revocation_response(request)
        return headers, body, status

    def introspect(self, request: HttpRequest) -> Answer:
        """Tell a client about an access token of its own (RFC 7662)."""
        uri, method, body, headers = self._extract_params(request)
        answer: Answer = self.server.create_introspect_response(uri, method, body, headers)
        return answer

    def _asked(self, request: HttpRequest) -> tuple[str, dict[str, Any]]:
        return self._get_escaped_full_path(request), self.extract_headers(request)


@cache
def authorization_server() -> Protocol:
    """Return the one authorization server of the panel."""
    return Protocol(Server(Validator()))


def make_access_token(request: Request, refresh_token: bool = False) -> str:
    """Return a new access token."""
    return make_token(ACCESS)


def make_refresh_token(request: Request, refresh_token: bool = True) -> str:
    """Return a new refresh token."""
    return make_token(REFRESH)
