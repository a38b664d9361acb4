"""Who is signed in: read with the session in one query, by the rules of Django's own (ACC-14, INC-17)."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import Any

import pytest
from django.conf import settings as django_settings
from django.contrib.auth import HASH_SESSION_KEY, SESSION_KEY
from django.contrib.auth import get_user as get_user_of_django
from django.http import HttpRequest
from django.test import Client
from pytest_django import Settings

from accounts.sessions.middleware import find_person
from accounts.sessions.models import Session
from accounts.sessions.store import SessionStore
from accounts.users.models import User
from tests.factories.cast import client_of, make_person


def _request(client: Client) -> HttpRequest:
    request = HttpRequest()
    request.session = SessionStore(client.cookies[django_settings.SESSION_COOKIE_NAME].value)
    return request


def test_session_and_person_are_one_query(query_count: Callable[[], AbstractContextManager[Any]]) -> None:
    """UI-2: and the person is as he or she is now."""
    alice = make_person("Alice Meier")
    client = client_of(alice)
    User.objects.filter(pk=alice.pk).update(first_name="Alva")
    request = _request(client)
    with query_count() as seen:
        found = find_person(request)
    assert found == alice
    assert isinstance(found, User)
    assert found.first_name == "Alva"
    assert seen.count == 1


def _lock(alice: User, _request: HttpRequest) -> None:
    User.objects.filter(pk=alice.pk).update(is_active=False)


def _change_password(alice: User, _request: HttpRequest) -> None:
    alice.set_password("another-password-of-hers")
    alice.save()


def _end(alice: User, _request: HttpRequest) -> None:
    Session.objects.filter(user=alice).delete()


def _take_another_person(_alice: User, request: HttpRequest) -> None:
    request.session[SESSION_KEY] = str(make_person("Bob Rossi").pk)


def _forget_the_hash(_alice: User, request: HttpRequest) -> None:
    del request.session[HASH_SESSION_KEY]


def _nothing(_alice: User, _request: HttpRequest) -> None:
    """Leave all as it is."""


@pytest.mark.parametrize(
    "change",
    [_lock, _change_password, _end, _take_another_person, _forget_the_hash, _nothing],
    ids=["locked", "another password", "ended", "another person", "no hash", "nothing"],
)
def test_answers_as_django_does(change: Callable[[User, HttpRequest], None]) -> None:
    """ACC-14: who is locked, has another password or an ended session is signed out at once."""
    alice = make_person("Alice Meier")
    client = client_of(alice)
    request = _request(client)
    change(alice, request)
    if request.session.modified:
        request.session.save()
    ours = find_person(_request(client))
    assert ours.is_authenticated == (change is _nothing)
    assert ours == get_user_of_django(_request(client))


def test_a_key_that_was_replaced_still_knows_its_sessions(settings: Settings) -> None:
    """SECRET_KEY_FALLBACKS: as long as the old key is kept, nobody is signed out by a new one."""
    alice = make_person("Alice Meier")
    client = client_of(alice)
    old, settings.SECRET_KEY = settings.SECRET_KEY, "another-secret-key-" * 4
    assert not find_person(_request(client)).is_authenticated
    client = client_of(alice)
    old, settings.SECRET_KEY = settings.SECRET_KEY, old
    settings.SECRET_KEY_FALLBACKS = [old]
    assert find_person(_request(client)) == alice
