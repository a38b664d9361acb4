"""Fresh proof before sensitive acts: the password or the second factor within the last 15 minutes."""

from collections.abc import Callable
from datetime import datetime, timedelta
from functools import wraps
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse

from accounts.sessions.guards import SAFE, PersonRequest

PROVED = "proved_at"
PROOF_LASTS = timedelta(minutes=15)

View = Callable[..., HttpResponse]


def note_proof(request: HttpRequest, *, at: datetime) -> None:
    """Remember in the session that the person has just proved who he or she is."""
    request.session[PROVED] = at.timestamp()


def has_fresh_proof(request: HttpRequest, *, at: datetime) -> bool:
    """Return whether the last proof is at most 15 minutes old."""
    return bool(at.timestamp() - request.session.get(PROVED, 0) <= PROOF_LASTS.total_seconds())


def sudo_view(view: View) -> View:
    """Ask for a fresh proof before the page; stands below `@person_view`.

    A form that was sent cannot be sent again afterwards: that way leads back to the security page.
    """

    @wraps(view)
    def guarded(request: PersonRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if has_fresh_proof(request, at=request.at):
            return view(request, *args, **kwargs)
        came_for = request.get_full_path() if request.method in SAFE else reverse("accounts:security")
        return HttpResponseRedirect(f"{reverse('accounts:prove')}?{urlencode({'next': came_for})}")

    guarded.asks_for_proof = True  # type: ignore[attr-defined]  # read by a test's walk
    return guarded
