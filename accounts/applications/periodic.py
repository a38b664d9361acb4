"""The applications' part of the periodic work."""

from datetime import datetime

from accounts.applications.services import delete_expired
from manager.kit.clock import now


def drain_expired_grants(*, at: datetime) -> int:
    """Delete codes and tokens of applications that are over; return how many.

    A moment that is still to come ends nobody's access: programs use theirs by the real clock.
    """
    return delete_expired(at=min(at, now()))
