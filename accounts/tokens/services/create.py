"""Make a token."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts.tokens.models import ApiToken
from accounts.tokens.scopes import Scope
from accounts.tokens.secrets import PREFIX_LENGTH, make_token
from accounts.tokens.selectors import count_usable_tokens, list_organizations_to_bind
from accounts.users.history import publish_security_event
from accounts.users.models import User
from manager.kit.actor import Actor
from manager.kit.errors import DomainError, NotFound
from manager.kit.tokens import hash_secret

LONGEST_LIFE = timedelta(days=731)
MOST_TOKENS = 50


class InvalidToken(DomainError):
    """The token asked for cannot be made: no scope, an unknown one, or an impossible expiry."""

    code = "invalid_token"
    status = 422


class TooManyTokens(DomainError):
    """The person has as many usable tokens as one may have."""

    code = "too_many_tokens"
    message = _("You have reached the limit of tokens. Please revoke one that you no longer use.")


@transaction.atomic
def create_token(
    *,
    user: User,
    name: str,
    scopes: Sequence[str],
    organization_id: int | None,
    expires_at: datetime,
    actor: Actor,
    at: datetime,
) -> tuple[ApiToken, str]:
    """Make a token and return it with its secret, which is shown once and stored hashed only.

    `organization_id` binds it to one of the person's organizations; None leaves it open to all.

    :raises InvalidToken: see there.
    :raises NotFound: the person is no member of that organization.
    :raises TooManyTokens: see there.
    """
    check_scopes(scopes)
    check_expiry(expires_at, at)
    User.objects.select_for_update().get(pk=user.pk)
    if organization_id is not None and organization_id not in list_organizations_to_bind(user=user):
        raise NotFound
    if count_usable_tokens(user=user, at=at) >= MOST_TOKENS:
        raise TooManyTokens
    secret = make_token()
    token = ApiToken.objects.create(
        user=user,
        name=name,
        prefix=secret[:PREFIX_LENGTH],
        secret_hash=hash_secret(secret),
        scopes=sorted(set(scopes)),
        bound_organization_id=organization_id,
        created_at=at,
        expires_at=expires_at,
    )
    publish_security_event(
        "user.api_token_created", user=user, actor=actor, at=at, details={"name": token.name}, token=token.pk
    )
    return token, secret


def check_scopes(scopes: Sequence[str]) -> None:
    """Let pass at least one scope, and known ones only.

    :raises InvalidToken: see there.
    """
    if not scopes or set(scopes) - set(Scope.values):
        raise InvalidToken(_("Choose what the token may do."), field="scopes")


def check_expiry(expires_at: datetime, at: datetime) -> None:
    """Let pass an end that is still to come, within two years.

    :raises InvalidToken: see there.
    """
    if not at < expires_at <= at + LONGEST_LIFE:
        raise InvalidToken(_("A token lasts for two years at most."), field="days")
