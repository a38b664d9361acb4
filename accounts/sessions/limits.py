"""Limits on pages that take a secret or send a mail before anybody is signed in (ACC-17, INC-12)."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import wraps
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _

from manager.kit.errors import DomainError
from manager.kit.ratelimit import Allowance, give_back, take
from manager.kit.requests import client_address

View = Callable[..., HttpResponse]
MINUTE = 60
HOUR = 60 * MINUTE
WRONG_PASSWORDS_PER_PERSON = 10


class TooManyAttempts(DomainError):
    """Too often in too short a time; the answer says when to come back."""

    code = "too_many_requests"
    status = 429
    message = _("Too many attempts. Please wait a little.")

    def __init__(self, retry_after: int) -> None:
        super().__init__(retry_after=retry_after)
        self.retry_after = retry_after


def take_or_refuse(key: str, *, limit: int, window_seconds: int) -> Allowance:
    """Take one of the `limit` that `key` has within `window_seconds`.

    :raises TooManyAttempts: none is left.
    :raises LimiterUnavailable: Redis is gone.
    """
    allowance = take(key, limit, window_seconds)
    if not allowance.allowed:
        raise TooManyAttempts(allowance.reset_seconds)
    return allowance


@contextmanager
def counted_password(user_id: int) -> Iterator[None]:
    """Count a try of a signed-in person's password; what succeeds is given back (ACC-17).

    An open browser or a stolen token is no way to the password, whichever page or operation asks it.

    :raises TooManyAttempts: ten have failed within 15 minutes.
    """
    allowance = take_or_refuse(
        f"password:person:{user_id}", limit=WRONG_PASSWORDS_PER_PERSON, window_seconds=15 * MINUTE
    )
    yield
    give_back(allowance)


def rate_limited(name: str, *, limit: int, window_seconds: int) -> Callable[[View], View]:
    """Limit how often one address may POST to a page; also answers limits that the view itself takes.

    The view finds the taken allowance as `request.allowance`, to give it back where only failures
    are to count.
    """

    def limiting(view: View) -> View:
        @wraps(view)
        def limited(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            try:
                if request.method not in {"GET", "HEAD", "OPTIONS"}:
                    key = f"{name}:address:{client_address(request)}"
                    taken = take_or_refuse(key, limit=limit, window_seconds=window_seconds)
                    request.allowance = taken  # type: ignore[attr-defined]  # for the view
                return view(request, *args, **kwargs)
            except TooManyAttempts as refused:
                return too_many_attempts(request, refused.retry_after)

        limited.rate_limit = (limit, window_seconds)  # type: ignore[attr-defined]  # read by a test's walk
        return limited

    return limiting


def too_many_attempts(request: HttpRequest, retry_after: int) -> HttpResponse:
    """Answer that it was too often, and when to come back."""
    answer = render(request, "errors/429.html", {"retry_after": retry_after}, status=429)
    answer["Retry-After"] = str(retry_after)
    return answer
