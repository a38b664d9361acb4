"""The sessions' part of the periodic work."""

from datetime import datetime

from accounts.sessions.services import delete_expired_sessions
from manager.kit.clock import now


def drain_expired_sessions(*, at: datetime) -> int:
    """Delete the sessions that are over; return how many.

    A moment that is still to come ends nobody's session: people use theirs by the real clock.
    """
    return delete_expired_sessions(at=min(at, now()))
