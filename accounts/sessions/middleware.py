"""Who asks: the person of the session, read together with it."""

from functools import partial

from django.contrib import auth
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.auth.middleware import AuthenticationMiddleware
from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest
from django.utils.crypto import constant_time_compare
from django.utils.functional import SimpleLazyObject

from accounts.sessions.entrance import BACKEND
from accounts.users.models import User


class SignedIn(AuthenticationMiddleware):
    """Django's middleware, which takes the person along with the session instead of asking once more."""

    def process_request(self, request: HttpRequest) -> None:
        """Let `request.user` be found when it is first asked for."""
        super().process_request(request)
        request.user = SimpleLazyObject(partial(find_person, request))  # type: ignore[assignment]  # as Django does


def find_person(request: HttpRequest) -> User | AnonymousUser:
    """Return who is signed in: the session's person, where all is as Django's `get_user` asks for.

    An active person, whose password is still the one that the session was opened with. Whatever is
    otherwise is left to Django: other ways of signing in, keys that were replaced, sessions to be ended.
    """
    session = request.session
    person: User | None = session.find_person()  # type: ignore[attr-defined]  # of our own store
    if (
        person is not None
        and person.is_active
        and session.get(SESSION_KEY) == str(person.pk)
        and session.get(BACKEND_SESSION_KEY) == BACKEND
        and constant_time_compare(session.get(HASH_SESSION_KEY, ""), person.get_session_auth_hash())
    ):
        return person
    return auth.get_user(request)
