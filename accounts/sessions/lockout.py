"""What django-axes' lock answers."""

from datetime import timedelta
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse

from accounts.sessions.limits import too_many_attempts


def answer_locked(request: HttpRequest, response: HttpResponse | None, credentials: Any) -> HttpResponse:
    """Answer a sign-in while its login is locked for this address (AXES_LOCKOUT_CALLABLE)."""
    return too_many_attempts(request, int(timedelta(hours=settings.AXES_COOLOFF_TIME).total_seconds()))
