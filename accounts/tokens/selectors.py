"""Questions about tokens."""

from datetime import datetime

from django.db.models import Count, F, Q, QuerySet

from accounts.tokens.models import ApiToken
from accounts.tokens.status import TokenState
from accounts.users.models import User
from manager.kit.errors import NotFound
from manager.kit.keyset import PAGE_SIZE, Page, SortKey, paginate

NEWEST = SortKey(F("created_at"), lambda token: token.created_at.isoformat(), datetime.fromisoformat)


def page_of_tokens(
    *,
    user: User,
    state: TokenState | None,
    at: datetime,
    search: str = "",
    after: str = "",
    before: str = "",
    size: int = PAGE_SIZE,
) -> Page[ApiToken]:
    """Return a page of the person's tokens in `state` at `at` (None: in any), newest first.

    :raises CursorInvalid: the cursor was made elsewhere.
    """
    tokens = find_tokens(user=user, state=state, at=at, search=search)
    return paginate(tokens, key=NEWEST, descending=True, after=after, before=before, size=size)


def find_tokens(
    *, user: User, state: TokenState | None, at: datetime, search: str = ""
) -> QuerySet[ApiToken]:
    """Return the person's tokens in `state` at `at` (None: in any), in no order."""
    tokens = ApiToken.objects.filter(user=user)
    if state is not None:
        tokens = tokens.filter(_in_state(state, at))
    if search:
        tokens = tokens.filter(Q(name__icontains=search) | Q(prefix__startswith=search[:10]))
    return tokens


def count_tokens(*, user: User, at: datetime) -> dict[TokenState, int]:
    """Return how many tokens the person has in each state at `at`. One query."""
    each = {state.name: Count("pk", filter=_in_state(state, at)) for state in TokenState}
    counts = ApiToken.objects.filter(user=user).aggregate(**each)
    return {state: counts[state.name] for state in TokenState}


def get_token(*, user: User, token_id: int) -> ApiToken:
    """Return one of the person's tokens, whatever its state.

    :raises NotFound: there is none.
    """
    token = ApiToken.objects.filter(user=user, pk=token_id).first()
    if token is None:
        raise NotFound
    return token


def get_live_token(*, user: User, token_id: int) -> ApiToken:
    """Return one of the person's tokens that were not revoked.

    :raises NotFound: there is none.
    """
    token = get_token(user=user, token_id=token_id)
    if token.revoked_at is not None:
        raise NotFound
    return token


def list_live_tokens(*, user: User) -> QuerySet[ApiToken]:
    """Return the person's tokens that were not revoked, also expired ones."""
    tokens: QuerySet[ApiToken] = ApiToken.objects.filter(user=user, revoked_at=None)
    return tokens.select_related("user").order_by("pk")


def count_usable_tokens(*, user: User, at: datetime) -> int:
    """Return how many tokens of the person work at `at`."""
    return ApiToken.objects.filter(user=user, revoked_at=None, expires_at__gt=at).count()


def list_organizations_to_bind(*, user: User) -> dict[int, str]:
    """Return the names of the organizations that a token of the person may be bound to, by id.

    Memberships lie on the floor above; the person's scope shows his or her own.
    """
    memberships = user.memberships.select_related("organization").order_by("organization__name", "pk")
    return {membership.organization_id: membership.organization.name for membership in memberships}


def _in_state(state: TokenState, at: datetime) -> Q:
    if state is TokenState.REVOKED:
        return Q(revoked_at__isnull=False)
    expired = Q(expires_at__lte=at)
    return Q(revoked_at=None) & (expired if state is TokenState.EXPIRED else ~expired)
