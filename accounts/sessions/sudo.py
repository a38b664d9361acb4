"""Fresh proof before sensitive acts: the password or the second factor within the last 15 minutes."""

from collections.abc import Callable
from datetime import datetime, timedelta
from functools import wraps
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse

from accounts.sessions.guards import SAFE, PersonRequest
from accounts.users.selectors import has_second_factor

PROVED = "proved_at"
PROVED_BY_FACTOR = "proved_by_factor_at"
# In a session that a remembered device has opened instead of the second factor.
STANDS_IN = "device_stands_in"
# In the address of the page that asks: the password is not enough.
ASKS_FACTOR = "factor"
PROOF_LASTS = timedelta(minutes=15)

View = Callable[..., HttpResponse]


def note_proof(request: HttpRequest, *, at: datetime, by_factor: bool = False) -> None:
    """Remember in the session that the person has just proved who he or she is."""
    request.session[PROVED] = at.timestamp()
    if by_factor:
        request.session[PROVED_BY_FACTOR] = at.timestamp()
        request.session.pop(STANDS_IN, None)


def note_stand_in(request: HttpRequest) -> None:
    """Remember in the session that no second factor was given: sensitive acts ask for one first."""
    request.session[STANDS_IN] = True


def owes_factor(request: PersonRequest) -> bool:
    """Return whether only a factor is proof in this session: a remembered device stood in for it."""
    return bool(request.session.get(STANDS_IN)) and has_second_factor(request.user)


def has_fresh_proof(request: HttpRequest, *, at: datetime, by_factor: bool = False) -> bool:
    """Return whether the last proof is at most 15 minutes old; with `by_factor` only a factor counts."""
    noted = request.session.get(PROVED_BY_FACTOR if by_factor else PROVED, 0)
    return bool(at.timestamp() - noted <= PROOF_LASTS.total_seconds())


def sudo_view(view: View) -> View:
    """Ask for a fresh proof before the page; stands below `@person_view`.

    A form that was sent cannot be sent again afterwards: that way leads back to the security page.
    """
    return _guard(view, owes_factor)


def sudo_page(view: View) -> View:
    """Like `sudo_view`, at an address that shows its form itself: a form sent too late leads back to it."""
    return _guard(view, owes_factor, shows_form=True)


def factor_sudo_view(view: View) -> View:
    """Like `sudo_view`, but where a second factor is on, only a factor is proof enough.

    For what opens the account without a second step later, such as a token (INC-14).
    """
    return _guard(view, lambda request: has_second_factor(request.user))


def _guard(view: View, asks_factor: Callable[[PersonRequest], bool], *, shows_form: bool = False) -> View:
    @wraps(view)
    def guarded(request: PersonRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        by_factor = asks_factor(request)
        if has_fresh_proof(request, at=request.at, by_factor=by_factor):
            return view(request, *args, **kwargs)
        returns = shows_form or request.method in SAFE
        came_for = request.get_full_path() if returns else reverse("accounts:security")
        return _ask_for_proof(came_for, **({ASKS_FACTOR: "1"} if by_factor else {}))

    guarded.asks_for_proof = True  # type: ignore[attr-defined]  # read by a test's walk
    return guarded


def _ask_for_proof(came_for: str, **query: str) -> HttpResponse:
    return HttpResponseRedirect(f"{reverse('accounts:prove')}?{urlencode({'next': came_for, **query})}")
