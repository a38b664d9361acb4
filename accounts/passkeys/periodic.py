"""The passkeys' part of the periodic work."""

from datetime import datetime

from accounts.passkeys.services import delete_expired_challenges
from manager.kit.clock import now


def drain_expired_challenges(*, at: datetime) -> int:
    """Delete the challenges that are over by the real clock; return how many."""
    return delete_expired_challenges(at=min(at, now()))
