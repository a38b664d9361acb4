"""The challenge of a browser in which nobody has signed in, in a signed cookie of its own.

Not in the session: the page asks for a challenge by itself, and an answer that comes late would set an
empty session over the one that a password has opened meanwhile.
"""

from django.conf import settings
from django.http import HttpRequest, HttpResponse

from accounts.passkeys.services import CHALLENGE_LASTS, State

SALT = "accounts.passkeys.challenge"
SECONDS = int(CHALLENGE_LASTS.total_seconds())


def remember_challenge(response: HttpResponse, state: State) -> None:
    """Let the browser keep its challenge for five minutes."""
    response.set_signed_cookie(
        _name(),
        state["challenge"],
        salt=SALT,
        max_age=SECONDS,
        httponly=True,
        samesite="Strict",
        secure=settings.SESSION_COOKIE_SECURE,
    )


def read_challenge(request: HttpRequest) -> State | None:
    """Return what this browser's answer is checked by, or None."""
    challenge = request.get_signed_cookie(_name(), default="", salt=SALT, max_age=SECONDS)
    return {"challenge": challenge, "require_user_verification": True} if challenge else None


def forget_challenge(response: HttpResponse) -> None:
    """Delete the cookie; the challenge itself was used up before."""
    response.delete_cookie(_name(), samesite="Strict")


def _name() -> str:
    return "__Host-passkey" if settings.SESSION_COOKIE_SECURE else "passkey"
