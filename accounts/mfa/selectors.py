"""Questions about authenticator apps and backup codes."""

from datetime import datetime, timedelta

from django_otp.plugins.otp_totp.models import TOTPDevice

from accounts.mfa.models import BackupCode
from accounts.users.models import User

START_LASTS = timedelta(hours=1)


def list_totp_devices(user: User) -> list[TOTPDevice]:
    """Return the authenticator apps that are on."""
    return list(TOTPDevice.objects.filter(user=user, confirmed=True).order_by("pk"))


def find_pending_totp(user: User, *, at: datetime | None = None) -> TOTPDevice | None:
    """Return the authenticator that is being set up, or None; with `at` only one begun within the hour."""
    pending = TOTPDevice.objects.filter(user=user, confirmed=False)
    if at is not None:
        pending = pending.filter(created_at__gt=at - START_LASTS)
    return pending.order_by("-pk").first()


def count_backup_codes(user: User) -> int:
    """Return how many backup codes are left."""
    return BackupCode.objects.filter(user=user, used_at=None).count()
