"""Carla, a collaborator, may only view products of the web."""

import pytest
from django.test import Client

from organizations.access.roles import Role
from organizations.profile.models import Organization
from tests.factories.cast import client_of, grant, make_member


@pytest.fixture
def carla(organization: Organization) -> Client:
    user = make_member(organization, Role.COLLABORATOR, name="Carla Roth")
    grant(organization, user, "view", family="web")
    return client_of(user)
