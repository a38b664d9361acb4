"""Questions about sessions and devices."""

from collections.abc import Sequence
from datetime import datetime

from accounts.sessions.models import Device, Session
from accounts.users.addresses import normalize_email
from accounts.users.models import User
from manager.kit.errors import NotFound
from manager.kit.tokens import hash_secret


def list_sessions(*, user: User, at: datetime) -> list[Session]:
    """Return the person's open sessions with their devices, last used first (ACC-14)."""
    open_ones = Session.objects.filter(user=user, expires_at__gt=at).select_related("device")
    return list(open_ones.defer("data").order_by("-last_seen_at", "-pk")[:100])


def get_session(*, user: User, session_id: int) -> Session:
    """Return one of the person's sessions.

    :raises NotFound: it has ended, or is somebody else's.
    """
    session = Session.objects.filter(user=user, pk=session_id).select_related("device").defer("data").first()
    if session is None:
        raise NotFound
    return session


def find_known_device(*, login: str, secrets: Sequence[str]) -> Device | None:
    """Return the device with one of the cookie's secrets in which this login has signed in before."""
    hashes = [hash_secret(secret) for secret in secrets]
    return Device.objects.filter(user__email=normalize_email(login), secret_hash__in=hashes).first()
