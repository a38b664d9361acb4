"""Who most tests of billing are about."""

import pytest

from tests.factories.cast import make_person, make_tenant


@pytest.fixture
def owner():
    """Return the person whose organization it is."""
    return make_person()


@pytest.fixture
def organization(owner):
    """Return an organization with its owner."""
    return make_tenant(owner)
