"""An organization with a balance, in its scope."""

import pytest

from manager.kit.scope import tenant_scope
from tests.factories.cast import make_person, make_tenant
from tests.factories.payments import fill_prepaid


@pytest.fixture
def owner():
    return make_person()


@pytest.fixture
def organization(owner):
    organization = make_tenant(owner)
    fill_prepaid(organization, 300_000)
    return organization


@pytest.fixture(autouse=True)
def scope(organization):
    with tenant_scope(organization.pk):
        yield
