"""Take all second factors away, after the operator's staff have seen an identity document (ACC-12)."""

from datetime import datetime

from django.db import transaction
from django_otp import devices_for_user

from accounts.mfa.models import BackupCode
from accounts.sessions.services import end_sessions
from accounts.users.models import User
from manager.kit.actor import Actor


@transaction.atomic
def remove_all_factors(*, user: User, actor: Actor, at: datetime) -> int:
    """Remove every second factor and backup code of a person and end all sessions; return how many factors.

    Part of a larger change that tells of itself. The password stays, and is asked as before.
    """
    User.objects.select_for_update().get(pk=user.pk)
    devices = list(devices_for_user(user, confirmed=True))
    for device in devices:
        device.delete()
    BackupCode.objects.filter(user=user).delete()
    end_sessions(user=user)
    return len(devices)
