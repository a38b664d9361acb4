"""Verbs of devices that are not asked for the second factor for 30 days.

Whatever ends sessions on purpose ends that, too: see `end_sessions` and `revoke_session`.
"""

from datetime import datetime, timedelta

from django.db import transaction

from accounts.sessions.models import Device
from accounts.users.history import note_in_history
from accounts.users.models import User
from manager.kit.actor import Actor
from manager.kit.errors import NotFound
from manager.kit.tokens import hash_secret, make_secret

REMEMBERED = timedelta(days=30)


@transaction.atomic
def remember_device(*, device: Device, actor: Actor, at: datetime) -> str:
    """Ask no second factor on this device for 30 days; return the new secret for its cookie.

    The secret before is worth nothing any more: it may have been seen when less depended on it. Staff
    are always asked, whatever was wished.
    """
    secret = make_secret()
    Device.objects.filter(pk=device.pk).update(
        secret_hash=hash_secret(secret), remembered_until=at + REMEMBERED
    )
    note_in_history("user.device_remembered", user=device.user, actor=actor, at=at)
    return secret


@transaction.atomic
def forget_device(*, user: User, device_id: int, actor: Actor, at: datetime) -> None:
    """Ask for the second factor on one of the person's devices again.

    :raises NotFound: it is somebody else's, or was not remembered.
    """
    remembered = Device.objects.filter(user=user, pk=device_id, remembered_until__isnull=False)
    if not remembered.update(remembered_until=None):
        raise NotFound
    note_in_history("user.device_forgotten", user=user, actor=actor, at=at)
