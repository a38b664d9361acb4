"""Who gives a product, who takes it, and the product."""

import pytest

from organizations.profile.models import Organization
from products.inventory.models import Product
from tests.factories.cast import make_tenant
from tests.factories.products import make_product


@pytest.fixture
def giver() -> Organization:
    return make_tenant(name="Giver AG")


@pytest.fixture
def taker() -> Organization:
    return make_tenant(name="Taker AG")


@pytest.fixture
def product(giver: Organization) -> Product:
    return make_product(giver, name="shop.example")
