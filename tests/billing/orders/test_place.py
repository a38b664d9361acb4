"""An order is placed once, at the server's price (PRD-3, PRD-4, INC-27)."""

import threading

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from billing.invoices.models import Invoice, InvoiceLine
from billing.invoices.status import InvoiceStatus
from billing.orders.models import CartLine, Order, OrderLine
from billing.orders.selectors import price_cart
from billing.orders.services.place import AddressIncomplete, CartChanged, CartEmpty
from billing.orders.status import OrderStatus
from manager.kit.scope import tenant_scope
from manager.outbox.models import OutboxEvent
from manager.outbox.relay import drain_outbox
from products.catalog.models import Price
from products.inventory.models import Product
from products.inventory.status import ProductStatus
from tests.factories.billing import make_legal_entity, pay_invoice
from tests.factories.cast import make_tenant
from tests.factories.orders import address_of, confirm_cart, fill_cart, reread_order, total_of
from tests.factories.payments import close_connections, now
from tests.factories.products import make_plan, reread


@pytest.fixture
def organization():
    make_legal_entity()
    return make_tenant()


def count(organization, model):
    with tenant_scope(organization.pk):
        return model.objects.count()


def test_makes_pending_products_a_draft_and_an_order(organization):
    """PRD-4."""
    hosting, domain = make_plan(), make_plan(needs_domain_name=True)
    fill_cart(organization, hosting, quantity=2, name="Shop")
    fill_cart(organization, domain, name="example.ch")
    order = confirm_cart(organization)
    assert order.status == OrderStatus.PENDING
    with tenant_scope(organization.pk):
        assert order.invoice.status == InvoiceStatus.DRAFT
        assert order.invoice.number is None
        assert order.invoice.buyer["street"] == "Bahnhofstrasse 1"
        products = list(Product.objects.order_by("pk"))
        lines = list(OrderLine.objects.order_by("pk"))
        billed = list(InvoiceLine.objects.order_by("position").values_list("product_id", "quantity"))
    assert [(row.name, row.status, row.quantity) for row in products] == [
        ("Shop", ProductStatus.PENDING, 2),
        ("example.ch", ProductStatus.PENDING, 1),
    ]
    assert [(line.product_id, line.quantity, line.unit_amount) for line in lines] == [
        (products[0].pk, 2, 12_000),
        (products[1].pk, 1, 12_000),
    ]
    assert billed == [(products[0].pk, 2), (products[1].pk, 1)]
    assert count(organization, CartLine) == 0


def test_tells_that_it_was_placed(organization):
    """Call down, publish up: the event stands in the transaction of the order."""
    fill_cart(organization)
    order = confirm_cart(organization, user_id=organization.pk)
    event = OutboxEvent.objects.using("system").get(name="order.placed")
    assert event.payload == {"order": order.pk, "invoice": order.invoice_id, "placed_by": organization.pk}


@pytest.mark.parametrize("difference", [-1, 1, -(10**6), 10**9])
def test_refuses_another_total_than_the_server_computes(organization, difference):
    """INC-27: and leaves everything as it was."""
    fill_cart(organization)
    with pytest.raises(CartChanged):
        confirm_cart(organization, total=total_of(organization) + difference)
    assert [count(organization, model) for model in (Order, Invoice, Product)] == [0, 0, 0]
    assert count(organization, CartLine) == 1


def test_refuses_a_price_that_changed_after_it_was_seen(organization):
    """INC-27: the person confirms again."""
    plan = make_plan()
    fill_cart(organization, plan)
    seen = total_of(organization)
    Price.objects.using("owner").filter(plan=plan, months=12, currency="CHF").update(amount=1)
    with pytest.raises(CartChanged):
        confirm_cart(organization, total=seen)


def test_refuses_a_line_that_was_added_after_it_was_seen(organization):
    """INC-27: somebody else in the organization may shop as well."""
    fill_cart(organization)
    seen = total_of(organization)
    fill_cart(organization)
    with pytest.raises(CartChanged):
        confirm_cart(organization, total=seen)


def test_refuses_an_empty_cart(organization):
    """PRD-3."""
    with pytest.raises(CartEmpty):
        confirm_cart(organization, total=0)


@pytest.mark.parametrize("field", ["street", "postal_code", "city"])
def test_refuses_an_address_that_an_invoice_cannot_bear(organization, field):
    """BIL-8."""
    fill_cart(organization)
    with pytest.raises(AddressIncomplete):
        confirm_cart(organization, address=address_of(organization, **{field: ""}))


def test_gives_the_same_order_for_the_same_confirmation(organization):
    """PRD-3: pressed twice, or sent again after the answer was lost."""
    fill_cart(organization)
    total = total_of(organization)
    first = confirm_cart(organization, key="a" * 32, total=total)
    fill_cart(organization)
    assert confirm_cart(organization, key="a" * 32, total=total).pk == first.pk
    assert count(organization, Order) == 1
    assert count(organization, CartLine) == 1


def test_places_one_order_when_twenty_press_at_once(organization):
    """PRD-3: one order, one draft, one product, whoever comes first."""
    fill_cart(organization)
    total = total_of(organization)
    gate = threading.Barrier(20)
    placed, refused = [], []

    def press():
        gate.wait(timeout=120)
        try:
            placed.append(confirm_cart(organization, key="b" * 32, total=total).pk)
        except Exception as error:  # noqa: BLE001  (whatever it is, the test shows it)
            refused.append(repr(error))
        finally:
            close_connections()

    threads = [threading.Thread(target=press) for _ in range(20)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=120)
    assert refused == []
    assert len(placed) == 20
    assert len(set(placed)) == 1
    assert [count(organization, model) for model in (Order, Invoice, Product)] == [1, 1, 1]


def test_places_one_order_of_one_cart_in_two_windows(organization):
    """PRD-3: two confirmations of one cart; the second finds it empty."""
    fill_cart(organization)
    total = total_of(organization)
    confirm_cart(organization, key="c" * 32, total=total)
    with pytest.raises(CartEmpty):
        confirm_cart(organization, key="d" * 32, total=total)
    assert count(organization, Order) == 1


def test_leaves_the_cart_of_another_organization_alone(organization):
    """ORG-17."""
    other = make_tenant(name="Other AG")
    fill_cart(other)
    fill_cart(organization)
    confirm_cart(organization)
    assert count(other, CartLine) == 1
    assert count(other, Order) == 0


AMOUNTS = st.integers(min_value=0, max_value=10**7)
LINES = st.lists(st.tuples(AMOUNTS, st.integers(1, 100), st.sampled_from([1, 12])), min_size=1, max_size=4)
BUYERS = st.sampled_from(["CH", "FR", "DE", "US"])


@settings(
    max_examples=20,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(chosen=LINES, country=BUYERS, kind=st.sampled_from(["company", "private"]))
def test_cart_pro_forma_and_invoice_agree_to_the_cent(chosen, country, kind):
    """INC-27, BIL-6: one function computes all three, for any price, quantity, buyer."""
    make_legal_entity()
    organization = make_tenant()
    buyer = address_of(organization, country=country, kind=kind)
    at = now()
    for amount, quantity, months in chosen:
        plan = make_plan(prices={(organization.currency, months): amount})
        fill_cart(organization, plan, months=months, quantity=quantity, at=at)
    with tenant_scope(organization.pk):
        shown = price_cart(organization=organization, buyer=buyer, on=at.date()).quote
    order = confirm_cart(organization, address=buyer, at=at)
    with tenant_scope(organization.pk):
        draft = Invoice.objects.get(pk=order.invoice_id)
        assert (draft.net, draft.tax, draft.total) == (shown.net, shown.tax, shown.total)
        taxes = list(draft.lines.order_by("position").values_list("tax_amount", flat=True))
        assert taxes == [line.tax.amount for line in shown.lines]
    if draft.is_payable:  # free plans alone are settled with the order
        pay_invoice(draft, at=at)
    paid = reread(draft, organization)
    assert paid.number
    assert (paid.net, paid.tax, paid.total) == (shown.net, shown.tax, shown.total)
    assert shown.total == shown.net + shown.tax


def test_an_order_of_free_plans_alone_begins_at_once(organization):
    """PRD-7: no payment can be made for nothing, so none is waited for."""
    fill_cart(organization, make_plan(prices={("CHF", 12): 0}))
    order = confirm_cart(organization)
    drain_outbox(at=now())
    after = reread_order(order, organization)
    assert after.status == OrderStatus.PAID
    assert after.invoice.status == InvoiceStatus.PAID
    assert after.lines.all()[0].product.status == ProductStatus.ACTIVE
