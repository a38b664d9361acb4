"""The cast of the pages: Alice, who owns an organization and is signed in."""

import pytest
from django.test import Client

from accounts.users.models import User
from organizations.profile.models import Organization
from tests.factories.cast import client_of, make_person, make_tenant


@pytest.fixture
def owner() -> User:
    return make_person("Alice Meier")


@pytest.fixture
def organization(owner: User) -> Organization:
    return make_tenant(owner)


@pytest.fixture
def alice(owner: User) -> Client:
    return client_of(owner)
