"""Alice owns an organization; Carla, a collaborator, may only view its products of the web."""

from datetime import datetime

import pytest
from django.test import Client

from accounts.users.models import User
from manager.kit.clock import now
from organizations.access.roles import Role
from organizations.profile.models import Organization
from tests.factories.cast import client_of, grant, make_member, make_person, make_tenant


@pytest.fixture
def at() -> datetime:
    return now()


@pytest.fixture
def owner() -> User:
    return make_person("Alice Meier")


@pytest.fixture
def organization(owner: User) -> Organization:
    return make_tenant(owner)


@pytest.fixture
def alice(owner: User) -> Client:
    return client_of(owner)


@pytest.fixture
def carla(organization: Organization) -> Client:
    user = make_member(organization, Role.COLLABORATOR, name="Carla Roth")
    grant(organization, user, "view", family="web")
    return client_of(user)
