"""Who sends an API request: the person behind the bearer token."""

from datetime import datetime, timedelta

from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from rest_framework.authentication import BaseAuthentication
from rest_framework.exceptions import AuthenticationFailed
from rest_framework.request import Request

from accounts.tokens.models import ApiToken
from accounts.tokens.secrets import is_well_formed
from accounts.users.models import User
from manager.kit.clock import now
from manager.kit.tokens import hash_secret

KEYWORD = "bearer"
USE_NOTED_EVERY = timedelta(minutes=1)


class TokenAuthentication(BaseAuthentication):
    """Read `Authorization: Bearer <token>` (API-2)."""

    def authenticate(self, request: Request) -> tuple[User, ApiToken] | None:
        """Return the person and the token; None where no token was sent.

        :raises AuthenticationFailed: the token is unknown, revoked or expired; all answer alike.
        """
        header = request.META.get("HTTP_AUTHORIZATION", "")
        if not header:
            return None
        keyword, _space, secret = header.partition(" ")
        at = now()
        token = find_token(secret.strip(), at=at) if keyword.lower() == KEYWORD else None
        if token is None:
            raise AuthenticationFailed(_("The token is not valid."))
        return token.user, token

    def authenticate_header(self, request: Request) -> str:
        """Return what a 401 answer asks for."""
        return 'Bearer realm="api"'


def find_token(secret: str, *, at: datetime) -> ApiToken | None:
    """Return the usable token with this secret and note its use, or None."""
    if not is_well_formed(secret):
        return None
    token = ApiToken.objects.select_related("user").filter(secret_hash=hash_secret(secret)).first()
    if token is None or not token.is_usable(at) or not token.user.is_active:
        return None
    unnoted = Q(last_used_at=None) | Q(last_used_at__lt=at - USE_NOTED_EVERY)
    if token.last_used_at is None or token.last_used_at < at - USE_NOTED_EVERY:
        ApiToken.objects.filter(unnoted, pk=token.pk).update(last_used_at=at)
    return token
