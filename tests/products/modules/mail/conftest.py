"""Alice owns a mail service whose domain is registered here."""

from datetime import datetime

import pytest
from django.test import Client

from accounts.users.models import User
from manager.kit.clock import now
from organizations.profile.models import Organization
from products.inventory.models import Product
from tests.factories.cast import client_of, make_person, make_tenant
from tests.factories.mail import make_mail

DOMAIN = "example.ch"


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
def mail(organization: Organization) -> Product:
    return make_mail(organization, name=DOMAIN, is_own_domain=True)
