"""A new price leaves alone what was ordered, quoted and billed at the old one (PRD-1, INC-27)."""

from datetime import timedelta

import pytest

from billing.changes.models import ChangeQuote
from billing.changes.services import quote_change
from billing.invoices.models import InvoiceLine
from billing.invoices.status import InvoiceStatus
from billing.orders.services.place import CartChanged
from manager.kit.actor import Actor, ActorKind
from manager.kit.scope import tenant_scope
from products.catalog.entries import PriceKey
from products.catalog.models import Plan
from products.catalog.services import change_price
from tests.factories.billing import make_buyer, pay_invoice
from tests.factories.orders import confirm_cart, fill_cart, reread_order, total_of
from tests.factories.payments import now
from tests.factories.products import make_plan, make_product


@pytest.fixture
def organization():
    return make_buyer()


def make_dearer(plan: Plan) -> None:
    """Double the yearly price from today on, as staff do."""
    at = now()
    change_price(
        owner=plan,
        key=PriceKey("renew", "CHF", 12),
        amount=24_000,
        valid_from=at.date(),
        today=at.date(),
        actor=Actor(ActorKind.STAFF, None, "Nora Frei"),
        at=at,
    )


def stored(model, organization):
    with tenant_scope(organization.pk):
        return list(model.objects.order_by("pk").values())


def test_an_order_keeps_the_price_it_was_placed_at(organization):
    """PRD-1: it is paid, and its invoice numbered, at the old one; the next cart has the new one."""
    plan = make_plan()
    fill_cart(organization, plan)
    order = reread_order(confirm_cart(organization), organization)
    total, lines = order.invoice.total, stored(InvoiceLine, organization)
    make_dearer(plan)
    assert stored(InvoiceLine, organization) == lines
    pay_invoice(order.invoice, at=now())
    paid = reread_order(order, organization)
    assert paid.invoice.status == InvoiceStatus.PAID
    assert (paid.invoice.total, paid.lines.all()[0].unit_amount) == (total, 12_000)
    fill_cart(organization, plan)
    assert total_of(organization) > total.amount


def test_a_total_that_was_shown_before_is_not_confirmed(organization):
    """INC-27: nobody pays another price than the one that was on the page."""
    plan = make_plan()
    fill_cart(organization, plan)
    shown = total_of(organization)
    make_dearer(plan)
    with pytest.raises(CartChanged):
        confirm_cart(organization, total=shown)


def test_a_stored_quote_of_a_change_keeps_its_amounts(organization):
    """PRD-14: it holds for 15 minutes, whatever staff change meanwhile."""
    plan, dearer = make_plan(), make_plan(prices={("CHF", 12): 20_000})
    product = make_product(organization, plan=plan, at=now() - timedelta(days=9))
    with tenant_scope(organization.pk):
        quote_change(product=product, plan=dearer, at=now())
    before = stored(ChangeQuote, organization)
    make_dearer(dearer)
    assert stored(ChangeQuote, organization) == before
