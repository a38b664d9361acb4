"""How often a person's codes and passwords may be guessed: only failures count (ACC-17, INC-11)."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.http import HttpRequest

from accounts.mfa.services import report_guessed_codes
from accounts.sessions.entrance import device_secrets
from accounts.sessions.guards import actor_of
from accounts.sessions.limits import HOUR, MINUTE, TooManyAttempts, take_or_refuse
from accounts.sessions.selectors import find_known_device
from accounts.users.history import note_in_history
from accounts.users.models import User
from manager.kit.clock import now
from manager.kit.errors import DomainError
from manager.kit.ratelimit import Allowance, give_back, take

FAILURES_PER_PERSON = 10
FAILURES_PER_DAY = 40


@contextmanager
def counted_failure(request: HttpRequest, user: User) -> Iterator[None]:
    """Count what fails inside the block against the person and the address; what succeeds is given back.

    Whoever guesses needs the password already. A browser in which the person has signed in before has a
    count of its own, so that nobody locks out the owner.

    :raises TooManyAttempts: ten within 15 minutes, or forty within a day, have failed. The person is told.
    """
    device = find_known_device(login=user.email, secrets=device_secrets(request))
    key = f"second-step:person:{user.pk}:{f'device:{device.pk}' if device else 'strangers'}"
    try:
        taken = _take_both(key)
    except TooManyAttempts:
        if take(f"second-step:told:{user.pk}", 1, HOUR).allowed:
            report_guessed_codes(user=user, actor=actor_of(request, None), at=now())
        raise
    try:
        yield
    except DomainError:
        note_in_history("user.second_factor_failed", user=user, actor=actor_of(request, None), at=now())
        raise
    for allowance in (*taken, getattr(request, "allowance", None)):
        if allowance is not None:
            give_back(allowance)


def _take_both(key: str) -> tuple[Allowance, Allowance]:
    day = take_or_refuse(f"{key}:day", limit=FAILURES_PER_DAY, window_seconds=24 * HOUR)
    try:
        return day, take_or_refuse(key, limit=FAILURES_PER_PERSON, window_seconds=15 * MINUTE)
    except TooManyAttempts:
        give_back(day)
        raise
