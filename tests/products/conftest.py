"""Alice, who owns an organization and is signed in, at the present moment."""

from datetime import datetime

import pytest
from django.test import Client

from accounts.users.models import User
from manager.kit.clock import now
from organizations.profile.models import Organization
from tests.factories.cast import client_of, make_person, make_tenant


@pytest.fixture
def at() -> datetime:
    """Return the moment of a test, which stays the same in it."""
    return now()


@pytest.fixture
def owner() -> User:
    """Return the person whose organization it is."""
    return make_person("Alice Meier")


@pytest.fixture
def organization(owner: User) -> Organization:
    """Return an organization with its owner."""
    return make_tenant(owner)


@pytest.fixture
def alice(owner: User) -> Client:
    """Return the owner's browser, signed in."""
    return client_of(owner)
