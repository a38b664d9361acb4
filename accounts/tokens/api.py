"""The base of every API operation: token, scope, actor, and 60 requests a minute (API-2, API-3)."""

import logging
from contextlib import ExitStack
from datetime import datetime
from typing import Any

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.utils.translation import gettext_lazy as _
from rest_framework import status
from rest_framework.exceptions import APIException, NotAuthenticated, PermissionDenied, Throttled
from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.views import APIView

from accounts.tokens.authentication import BearerToken
from accounts.tokens.scopes import Scope
from accounts.tokens.use import COUNTS, field_for, note_refusal, program_of
from accounts.tokens.writes import REPLAYED_HEADER, WRITES, carried_out
from accounts.users.models import User
from manager.kit.actor import Actor, ActorKind
from manager.kit.clock import now
from manager.kit.ratelimit import Allowance, LimiterUnavailable, take
from manager.kit.requests import client_address, client_agent
from manager.kit.scope import person_scope

logger = logging.getLogger(__name__)

WINDOW_SECONDS = 60
SAFE = frozenset({"GET", "HEAD", "OPTIONS"})


class InsufficientScope(PermissionDenied):
    """The token lacks a scope; the answer names it, in words and for OAuth clients."""

    def __init__(self, scope: str) -> None:
        super().__init__(_("The token lacks the scope %(scope)s.") % {"scope": scope})
        self.auth_header = f'Bearer realm="api", error="insufficient_scope", scope="{scope}"'


class PersonAPIRequest(Request):
    """A request that the guard has let in."""

    user: User
    auth: BearerToken
    actor: Actor
    at: datetime


class CountedAPIView(APIView):
    """An operation that may be asked so often in a minute, and says how often."""

    _allowance: Allowance | None = None

    def finalize_response(self, request: Any, response: Any, *args: Any, **kwargs: Any) -> Any:
        """Tell the client how much of its allowance is left (RateLimit, RateLimit-Policy, Retry-After)."""
        response = super().finalize_response(request, response, *args, **kwargs)
        limit = settings.API_REQUESTS_PER_MINUTE
        response["RateLimit-Policy"] = f'"default";q={limit};w={WINDOW_SECONDS}'
        if self._allowance is not None:
            remaining, seconds = self._allowance.remaining, self._allowance.reset_seconds
            response["RateLimit"] = f'"default";r={remaining};t={seconds}'
            if not self._allowance.allowed:
                response["Retry-After"] = str(seconds)
        if response.status_code == LimiterUnavailable.status and not response.has_header(REPLAYED_HEADER):
            response.headers.setdefault("Retry-After", str(WINDOW_SECONDS))
        return response

    def _count(self, key: str, method: str | None, *, tally: tuple[str, str] = ("", "")) -> None:
        limit = settings.API_REQUESTS_PER_MINUTE
        try:
            self._allowance = take(f"api:{key}", limit, WINDOW_SECONDS, tally=tally)
        except LimiterUnavailable:
            # Reading goes on without Redis; whatever changes something waits (the limiter logged it).
            if method not in SAFE:
                raise
            return
        if not self._allowance.allowed:
            raise Throttled(wait=self._allowance.reset_seconds)


class PublicAPIView(CountedAPIView):
    """An operation for everybody, without a token; counted for the sender's address."""

    is_public = True
    permission_classes = [AllowAny]
    authentication_classes = []

    def initial(self, request: Any, *args: Any, **kwargs: Any) -> None:
        """Let in who does not ask too often."""
        super().initial(request, *args, **kwargs)
        self._count(f"address:{client_address(request)}", request.method)


class PersonAPIView(CountedAPIView):
    """An operation for a person's token. `scopes` names the scope that each method demands.

    The handler finds `request.actor` and `request.at`, and runs in the person's scope. A method
    without a scope in `scopes` is refused: nothing is open by omission. Handlers of writes are carried out
    once for each `Idempotency-Key`, or tried only (`accounts.tokens.writes`).
    """

    scopes: dict[str, str] = {}
    _tallied = ""
    permission_classes = [AllowAny]  # the guard below asks for the token and its scope itself

    def __init_subclass__(cls, **kwargs: Any) -> None:
        super().__init_subclass__(**kwargs)
        unknown = set(cls.scopes.values()) - set(Scope.values)
        if unknown:
            raise ImproperlyConfigured(f"{cls.__name__} names scopes that do not exist: {sorted(unknown)}")
        for name in WRITES:
            if name in cls.__dict__:
                setattr(cls, name, carried_out(cls.__dict__[name]))

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Answer the request; the scope ends with the handler."""
        with ExitStack() as self._person_scope:
            return super().dispatch(request, *args, **kwargs)

    def initial(self, request: Any, *args: Any, **kwargs: Any) -> None:
        """Let in who has a token with the scope, and not too often."""
        request.at = now()
        super().initial(request, *args, **kwargs)
        request.actor = Actor(
            ActorKind.TOKEN,
            request.user.pk,
            request.user.name,
            address=client_address(request),
            agent=client_agent(request),
            through=request.auth.name,
        )
        self._person_scope.enter_context(person_scope(request.user.pk))
        self._require_scope(request)

    def perform_authentication(self, request: Request) -> None:
        """Find the token and count the request: for the token, else for the sender's address."""
        try:
            token: Any = request.auth  # a BearerToken
            if token is None:
                raise NotAuthenticated(_("Send a token: Authorization: Bearer …"))
        except APIException:
            self._count(f"address:{client_address(request)}", request.method)
            raise
        self._tallied = field_for(program=program_of(token), at=now())
        self._count(token.limit_key, request.method, tally=(COUNTS, self._tallied))

    def finalize_response(self, request: Any, response: Any, *args: Any, **kwargs: Any) -> Any:
        """Count what was refused of what the limit let through, for the token's page."""
        response = super().finalize_response(request, response, *args, **kwargs)
        was_let_in = self._allowance is not None and self._allowance.allowed
        if self._tallied and was_let_in and response.status_code >= status.HTTP_400_BAD_REQUEST:
            note_refusal(self._tallied)
        return response

    def sight_of(self, request: Any) -> frozenset[str]:
        """Return names for everything that the token and the person are allowed here."""
        return frozenset(f"scope {scope}" for scope in request.auth.scopes)

    def may_see_again(self, request: Any, sight: frozenset[str]) -> bool:
        """Return whether an answer that was made for `sight` may be given once more.

        The guard asks for what the operation demands. Handlers look closer, and a kept answer meets none.
        """
        return sight <= self.sight_of(request)

    def _require_scope(self, request: Any) -> None:
        if request.method == "OPTIONS":
            return
        wanted = self.scopes.get("GET" if request.method == "HEAD" else request.method)
        if wanted is None:
            self.http_method_not_allowed(request)
        if wanted not in request.auth.scopes:
            raise InsufficientScope(str(wanted))
