"""An organization with a product that was ordered and paid, as changes begin."""

from datetime import UTC, datetime

import pytest

from products.inventory.models import Product
from tests.factories.billing import make_buyer, pay_invoice
from tests.factories.orders import confirm_cart, fill_cart, reread_order
from tests.factories.products import reread

BOUGHT = datetime(2026, 3, 1, 10, 0, tzinfo=UTC)


@pytest.fixture
def organization():
    return make_buyer()


@pytest.fixture
def buy(organization):
    """Return a function that orders and pays a plan, and gives its product."""

    def bought(plan, *, months=12, quantity=1, options=None, name="Shop", at=BOUGHT) -> Product:
        fill_cart(organization, plan, months=months, quantity=quantity, options=options, name=name, at=at)
        order = reread_order(confirm_cart(organization, at=at), organization)
        pay_invoice(order.invoice, at=at)
        return reread(order.lines.all()[0].product, organization)

    return bought
