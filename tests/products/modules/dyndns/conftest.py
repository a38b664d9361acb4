"""Alice owns a domain that runs, with DynDNS; Carla, a collaborator, may only view it."""

from datetime import datetime

import pytest
from django.test import Client

from accounts.users.models import User
from manager.kit.clock import now
from organizations.access.roles import Role
from organizations.profile.models import Organization
from products.modules.domain.models import Domain
from tests.factories.cast import client_of, grant, make_member, make_person, make_tenant
from tests.factories.zones import buy_dyndns, make_domain


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


@pytest.fixture
def domain(organization: Organization, at: datetime) -> Domain:
    return buy_dyndns(make_domain(organization, at=at))


@pytest.fixture
def base(domain: Domain) -> str:
    return f"/o/{domain.organization_id}/products/{domain.product_id}/dyndns/"
