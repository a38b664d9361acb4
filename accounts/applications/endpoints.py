"""The endpoints that clients call without a person: tokens, and the document that describes it all.

They take no cookie and so need no token against forged forms; each is limited by address, and answers
refusals in the shape of OAuth 2 (RFC 6749).
"""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.conf import settings
from django.db import transaction
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.urls import reverse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_POST, require_safe

from accounts.applications.protocol import Answer, authorization_server
from accounts.sessions.limits import MINUTE, TooManyAttempts, take_or_refuse
from accounts.tokens.scopes import Scope
from manager.kit.ratelimit import LimiterUnavailable
from manager.kit.requests import client_address, public

LIMIT = (120, MINUTE)
SECRETS = ("client_secret", "code", "code_verifier", "refresh_token", "token")
Endpoint = Callable[[HttpRequest], Answer]


def client_endpoint(name: str) -> Callable[[Endpoint], Callable[..., HttpResponse]]:
    """Make a view of what answers a client: limited, in one transaction, never kept by a cache.

    In one transaction, so that the row of a code or refresh token stays locked while it is exchanged.
    """

    def making(endpoint: Endpoint) -> Callable[..., HttpResponse]:
        @wraps(endpoint)
        def view(request: HttpRequest) -> HttpResponse:
            try:
                limit, seconds = LIMIT
                key = f"oauth-{name}:address:{client_address(request)}"
                take_or_refuse(key, limit=limit, window_seconds=seconds)
            except TooManyAttempts as refused:
                return _refuse(429, "slow_down", retry_after=refused.retry_after)
            except LimiterUnavailable:
                return _refuse(503, "temporarily_unavailable", retry_after=MINUTE)
            try:
                with transaction.atomic():
                    headers, body, status = endpoint(request)
            except ValueError:  # what oauthlib says of a broken encoding
                return _refuse(400, "invalid_request")
            response = HttpResponse(body or "", status=status, content_type="application/json")
            for header, value in headers.items():
                response[header] = value
            response["Cache-Control"] = "no-store"
            return response

        view.rate_limit = LIMIT  # type: ignore[attr-defined]  # read by a test's walk
        return public(csrf_exempt(require_POST(sensitive_post_parameters(*SECRETS)(view))))

    return making


@client_endpoint("token")
def token(request: HttpRequest) -> Answer:
    """Exchange a code, a refresh token, or a service's secret for an access token (RFC 6749)."""
    return authorization_server().exchange(request)


@client_endpoint("revoke")
def revoke(request: HttpRequest) -> Answer:
    """Take back a token that a client no longer needs (RFC 7009)."""
    return authorization_server().revoke(request)


@client_endpoint("introspect")
def introspect(request: HttpRequest) -> Answer:
    """Tell a client whether an access token of its own still works (RFC 7662)."""
    return authorization_server().introspect(request)


@public
@require_safe
def metadata(request: HttpRequest) -> HttpResponse:
    """Describe the authorization server (RFC 8414)."""
    base = settings.PUBLIC_BASE_URL
    methods = ["client_secret_basic", "client_secret_post"]
    document: dict[str, Any] = {
        "issuer": base,
        "authorization_endpoint": base + reverse("accounts:oauth_authorize"),
        "token_endpoint": base + reverse("accounts:oauth_token"),
        "revocation_endpoint": base + reverse("accounts:oauth_revoke"),
        "introspection_endpoint": base + reverse("accounts:oauth_introspect"),
        "scopes_supported": list(Scope.values),
        "response_types_supported": ["code"],
        "response_modes_supported": ["query"],
        "grant_types_supported": ["authorization_code", "client_credentials", "refresh_token"],
        "token_endpoint_auth_methods_supported": [*methods, "none"],
        "revocation_endpoint_auth_methods_supported": [*methods, "none"],
        "introspection_endpoint_auth_methods_supported": methods,
        "code_challenge_methods_supported": ["S256"],
        "authorization_response_iss_parameter_supported": True,
        "service_documentation": base + reverse("api-reference"),
    }
    return JsonResponse(document)


def _refuse(status: int, error: str, *, retry_after: int | None = None) -> HttpResponse:
    response = JsonResponse({"error": error}, status=status)
    response["Cache-Control"] = "no-store"
    if retry_after is not None:
        response["Retry-After"] = str(retry_after)
    return response
