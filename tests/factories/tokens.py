"""Tokens, and clients of the API with one."""

from datetime import UTC, datetime, timedelta

from django.test import Client

from accounts.tokens.models import ApiToken
from accounts.tokens.services import create_token
from accounts.users.models import User
from manager.kit.actor import Actor, ActorKind
from manager.kit.scope import person_scope


def token_client(user: User, *scopes: str, organization_id: int | None = None) -> Client:
    """Return a client that sends a new token of `user` with `scopes`, bound to an organization if given."""
    at = datetime.now(UTC)
    _, secret = create_token(
        user=user,
        name="test",
        scopes=scopes,
        organization_id=organization_id,
        expires_at=at + timedelta(days=30),
        actor=Actor(ActorKind.PERSON, user.pk, user.name),
        at=at,
    )
    return Client(headers={"authorization": f"Bearer {secret}"})


def make_api_token(
    user: User, *, days: int = 90, at: datetime | None = None, scopes: tuple[str, ...] = ("profile:read",)
) -> tuple[ApiToken, str]:
    """Return a token of `user` for all organizations, made at `at`, and its secret."""
    at = at or datetime.now(UTC)
    with person_scope(user.pk):
        return create_token(
            user=user,
            name="Backup job",
            scopes=scopes,
            organization_id=None,
            expires_at=at + timedelta(days=days),
            actor=Actor(ActorKind.PERSON, user.pk, user.name),
            at=at,
        )


def profile_status(secret: str) -> int:
    """Return how the API answers this secret when it asks for the profile."""
    return Client(headers={"authorization": f"Bearer {secret}"}).get("/api/1/profile").status_code
