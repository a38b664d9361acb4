"""The requests' part of the periodic work."""

from datetime import datetime

from accounts.requests.services import forget_requests
from manager.kit.clock import now


def drain_sent_requests(*, at: datetime) -> int:
    """Forget what was sent more than 48 hours ago by the real clock; return how much (API-5)."""
    return forget_requests(at=min(at, now()))
