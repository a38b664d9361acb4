"""Change a token, or give it a new secret."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts.tokens.models import ApiToken
from accounts.tokens.secrets import PREFIX_LENGTH, make_token
from accounts.tokens.services.create import InvalidToken, check_expiry, check_scopes
from accounts.tokens.status import TokenState
from accounts.users.history import publish_security_event
from manager.kit.actor import Actor
from manager.kit.errors import DomainError
from manager.kit.tokens import hash_secret

LONGEST_GRACE = timedelta(days=7)


class TokenEnded(DomainError):
    """The token was revoked: nothing about it can be changed any more."""

    code = "token_ended"
    message = _("This token was revoked. Please make a new one.")


@transaction.atomic
def change_token(
    *, token: ApiToken, name: str, scopes: Sequence[str], actor: Actor, at: datetime
) -> ApiToken:
    """Change name and scopes; the person hears of scopes that were added.

    :raises InvalidToken: no scope, or an unknown one.
    :raises TokenEnded: see there.
    """
    check_scopes(scopes)
    locked = _lock(token, at)
    added = sorted(set(scopes) - set(locked.scopes))
    locked.name = name
    locked.scopes = sorted(set(scopes))
    locked.save(update_fields=["name", "scopes"])
    if added:
        facts = {"token": locked.pk, "added": added}
        named = {"name": locked.name}
        publish_security_event(
            "user.api_token_widened", user=locked.user, actor=actor, at=at, details=named, **facts
        )
    return locked


@transaction.atomic
def rotate_token(
    *, token: ApiToken, expires_at: datetime, grace: timedelta, actor: Actor, at: datetime
) -> tuple[ApiToken, str]:
    """Give the token a new secret and a new expiry; return both, the secret for the only time.

    The secret before it goes on working for `grace`, at most until its own expiry; an older one ends at
    once. The reminders begin anew.

    :raises InvalidToken: an impossible expiry or grace.
    :raises TokenEnded: see there.
    """
    check_expiry(expires_at, at)
    if not timedelta(0) <= grace <= LONGEST_GRACE:
        raise InvalidToken(_("The old secret can go on for seven days at most."), field="grace")
    locked = _lock(token, at)
    ends_at = min(at + grace, locked.expires_at)
    goes_on = ends_at > at
    secret = make_token()
    locked.previous_hash = locked.secret_hash if goes_on else None
    locked.previous_ends_at = ends_at if goes_on else None
    locked.secret_hash = hash_secret(secret)
    locked.prefix = secret[:PREFIX_LENGTH]
    locked.expires_at = expires_at
    locked.rotated_at = at
    locked.reminded_days = None
    locked.save()
    named = {"name": locked.name}
    publish_security_event(
        "user.api_token_rotated", user=locked.user, actor=actor, at=at, details=named, token=locked.pk
    )
    return locked, secret


def _lock(token: ApiToken, at: datetime) -> ApiToken:
    locked = ApiToken.objects.select_for_update().get(pk=token.pk)
    if locked.state_at(at) is TokenState.REVOKED:
        raise TokenEnded
    return locked
