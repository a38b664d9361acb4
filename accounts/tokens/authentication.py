"""Who sends an API request: the person behind a bearer token, his or her own or an application's."""

from datetime import datetime, timedelta

from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _
from rest_framework.authentication import BaseAuthentication
from rest_framework.exceptions import AuthenticationFailed
from rest_framework.request import Request

from accounts.applications.models import OAuthAccessToken, OAuthConsent
from accounts.tokens.models import ApiToken
from accounts.tokens.secrets import ACCESS, PERSONAL, is_well_formed
from accounts.users.models import User
from manager.kit.clock import now
from manager.kit.prepared import Prepared
from manager.kit.requests import client_address
from manager.kit.tokens import hash_secret

KEYWORD = "bearer"
USE_NOTED_EVERY = timedelta(minutes=1)


BearerToken = ApiToken | OAuthAccessToken
"""Every kind tells what it may do, where, and for what its requests are counted."""


class TokenAuthentication(BaseAuthentication):
    """Read `Authorization: Bearer <token>` (API-2)."""

    def authenticate(self, request: Request) -> tuple[User, BearerToken] | None:
        """Return the person and the token; None where no token was sent.

        :raises AuthenticationFailed: the token is unknown, revoked or expired; all answer alike.
        """
        header = request.META.get("HTTP_AUTHORIZATION", "")
        if not header:
            return None
        keyword, _space, secret = header.partition(" ")
        found = None
        if keyword.lower() == KEYWORD:
            found = find_bearer(secret.strip(), address=client_address(request), at=now())
        if found is None:
            raise AuthenticationFailed(_("The token is not valid."))
        return found

    def authenticate_header(self, request: Request) -> str:
        """Return what a 401 answer asks for."""
        sent = bool(request.META.get("HTTP_AUTHORIZATION"))
        return 'Bearer realm="api"' + (', error="invalid_token"' if sent else "")


def find_bearer(secret: str, *, address: str | None, at: datetime) -> tuple[User, BearerToken] | None:
    """Return the usable token with this secret and whose it is, and note its use; or None."""
    if is_well_formed(secret, PERSONAL):
        token = find_token(secret, address=address, at=at)
        return (token.user, token) if token else None
    if is_well_formed(secret, ACCESS):
        access = find_access_token(secret, address=address, at=at)
        return (access.user, access) if access else None
    return None


def find_token(secret: str, *, address: str | None, at: datetime) -> ApiToken | None:
    """Return the person's own token with this secret, also with the one before while it lasts."""
    token = _TOKEN.first(hashed=hash_secret(secret), at=at)
    if token is None or not token.is_usable(at) or not token.user.is_active:
        return None
    if _is_unnoted(token.last_used_at, at):
        seen = {"last_used_at": at, "last_used_address": address}
        ApiToken.objects.filter(_unnoted(at), pk=token.pk).update(**seen)
    return token


def _build_token(*, hashed: str, at: datetime) -> QuerySet[ApiToken]:
    before = Q(previous_hash=hashed, previous_ends_at__gt=at)
    found = ApiToken.objects.filter(Q(secret_hash=hashed) | before)
    return found.select_related("user").order_by("pk")[:1]


_TOKEN: Prepared[ApiToken] = Prepared(_build_token)


def find_access_token(secret: str, *, address: str | None, at: datetime) -> OAuthAccessToken | None:
    """Return the application's token with this secret, while what it follows from stands."""
    related = ("user", "application__user", "consent")
    tokens = OAuthAccessToken.objects.select_related(*related)
    token = tokens.filter(token_checksum=hash_secret(secret)).first()
    if token is None or not token.is_usable(at):
        return None
    consent: OAuthConsent | None = token.consent
    if consent is not None and _is_unnoted(consent.last_used_at, at):
        seen = {"last_used_at": at, "last_used_address": address}
        OAuthConsent.objects.filter(_unnoted(at), pk=consent.pk).update(**seen)
    return token


def _is_unnoted(last_used_at: datetime | None, at: datetime) -> bool:
    return last_used_at is None or last_used_at < at - USE_NOTED_EVERY


def _unnoted(at: datetime) -> Q:
    return Q(last_used_at=None) | Q(last_used_at__lt=at - USE_NOTED_EVERY)
