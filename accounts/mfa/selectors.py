"""Questions about second factors."""

from django_otp.plugins.otp_totp.models import TOTPDevice

from accounts.mfa.models import BackupCode
from accounts.users.models import User


def find_totp(user: User) -> TOTPDevice | None:
    """Return the authenticator that is on, or None."""
    return TOTPDevice.objects.filter(user=user, confirmed=True).order_by("pk").first()


def find_pending_totp(user: User) -> TOTPDevice | None:
    """Return the authenticator that is being set up, or None."""
    return TOTPDevice.objects.filter(user=user, confirmed=False).order_by("-pk").first()


def count_backup_codes(user: User) -> int:
    """Return how many backup codes are left."""
    return BackupCode.objects.filter(user=user, used_at=None).count()
