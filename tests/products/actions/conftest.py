"""A NAS that runs."""

from datetime import datetime

import pytest

from organizations.profile.models import Organization
from products.inventory.models import Product
from tests.factories.services import make_served


@pytest.fixture
def nas(organization: Organization, at: datetime) -> Product:
    return make_served(organization, at=at)
