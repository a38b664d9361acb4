"""Questions about tokens."""

from datetime import datetime

from accounts.tokens.models import ApiToken
from accounts.users.models import User
from manager.kit.errors import NotFound


def list_tokens(*, user: User) -> list[ApiToken]:
    """Return the person's tokens that were not revoked, newest first."""
    return list(ApiToken.objects.filter(user=user, revoked_at=None).order_by("-pk")[:200])


def get_token(*, user: User, token_id: int) -> ApiToken:
    """Return one of the person's tokens that were not revoked.

    :raises NotFound: there is none.
    """
    token = ApiToken.objects.filter(user=user, pk=token_id, revoked_at=None).first()
    if token is None:
        raise NotFound
    return token


def count_usable_tokens(*, user: User, at: datetime) -> int:
    """Return how many tokens of the person work at `at`."""
    return ApiToken.objects.filter(user=user, revoked_at=None, expires_at__gt=at).count()


def list_organizations_to_bind(*, user: User) -> dict[int, str]:
    """Return the names of the organizations that a token of the person may be bound to, by id.

    Memberships lie on the floor above; the person's scope shows his or her own.
    """
    memberships = user.memberships.select_related("organization").order_by("organization__name", "pk")
    return {membership.organization_id: membership.organization.name for membership in memberships}
