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


def find_remembered_device(*, user: User, secrets: Sequence[str], at: datetime) -> Device | None:
    """Return the device of the cookie's secrets on which the person need not give a second factor now.

    Staff always give it: nothing stands in for it where the back office opens (INC-15).
    """
    if user.is_staff:
        return None
    hashes = [hash_secret(secret) for secret in secrets]
    return Device.objects.filter(user=user, secret_hash__in=hashes, remembered_until__gt=at).first()


def list_remembered_devices(*, user: User, at: datetime) -> list[Device]:
    """Return the devices on which the person need not give a second factor, last used first."""
    remembered = Device.objects.filter(user=user, remembered_until__gt=at)
    return list(remembered.order_by("-last_seen_at", "-pk")[:100])


def find_known_device(*, login: str, secrets: Sequence[str]) -> Device | None:
    """Return the device with one of the cookie's secrets in which this login has signed in before."""
    hashes = [hash_secret(secret) for secret in secrets]
    return Device.objects.filter(user__email=normalize_email(login), secret_hash__in=hashes).first()
