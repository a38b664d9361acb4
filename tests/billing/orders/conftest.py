"""The shop's cast: an owner of an organization, signed in."""

import pytest

from tests.factories.billing import make_legal_entity
from tests.factories.cast import client_of, make_tenant


@pytest.fixture
def organization(owner):
    make_legal_entity()
    return make_tenant(owner)


@pytest.fixture
def page(owner):
    return client_of(owner)
