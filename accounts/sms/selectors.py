"""Questions about numbers that get codes by SMS."""

from datetime import datetime

from accounts.sms.models import SmsFactor
from accounts.users.models import User

SLUG = "sms"


def find_pending_sms(user: User) -> SmsFactor | None:
    """Return the number that is being added, or None."""
    pending: SmsFactor | None = SmsFactor.objects.filter(user=user, confirmed=False).order_by("-pk").first()
    return pending


def find_sms_factor(user: User, *, factor_id: int) -> SmsFactor | None:
    """Return one of the person's numbers, or None."""
    factor: SmsFactor | None = SmsFactor.objects.filter(user=user, pk=factor_id, confirmed=True).first()
    return factor


def was_code_sent(factor: SmsFactor, *, at: datetime) -> bool:
    """Return whether a code is under way that would still be taken."""
    return bool(factor.code_hash and factor.code_expires_at and factor.code_expires_at > at)
