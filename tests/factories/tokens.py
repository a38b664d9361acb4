"""Clients of the API with a token."""

from datetime import UTC, datetime, timedelta

from django.test import Client

from accounts.tokens.services import create_token
from accounts.users.models import User
from manager.kit.actor import Actor, ActorKind


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
