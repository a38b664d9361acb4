"""The pages of orders (PRD-4)."""

import pytest

from billing.orders.status import OrderStatus
from tests.billing.orders.pages import text_of, url
from tests.factories.bank import bring, line, make_bank, reference_to
from tests.factories.cast import make_tenant
from tests.factories.orders import make_order, reread_order


class TestOrders:
    def test_lists_pending_ones_first(self, page, organization):
        """PRD-4: with the counter at the top."""
        order = make_order(organization)
        text = text_of(page.get(url("orders", organization)))
        assert url("order", organization, order.pk) in text
        assert "No order is pending" not in text
        assert "No order" in text_of(page.get(url("orders", organization), {"status": "paid"}))

    def test_shows_an_order_with_its_products(self, page, organization):
        """PRD-4."""
        order = make_order(organization)
        text = text_of(page.get(url("order", organization, order.pk)))
        assert order.lines.all()[0].product.name in text
        assert url("pay_invoice", organization, order.invoice_id) in text
        assert url("cancel_order", organization, order.pk) in text

    def test_cancels_after_asking(self, page, organization):
        """PRD-4."""
        order = make_order(organization)
        assert "Nothing" not in text_of(page.get(url("cancel_order", organization, order.pk)))
        assert reread_order(order, organization).status == OrderStatus.PENDING
        page.post(url("cancel_order", organization, order.pk))
        assert reread_order(order, organization).status == OrderStatus.CANCELLED
        assert page.post(url("cancel_order", organization, order.pk)).status_code == 409

    def test_pages_by_a_key(self, page, organization):
        """UI-2: 26 orders are two pages, there and back."""
        orders = [make_order(organization, quantity=1) for _ in range(26)]
        first = text_of(page.get(url("orders", organization)))
        assert url("order", organization, orders[-1].pk) in first
        assert f'"{url("order", organization, orders[0].pk)}"' not in first
        (cursor,) = set(_cursors(first, "after"))
        second = text_of(page.get(url("orders", organization), {"after": cursor}))
        assert f'"{url("order", organization, orders[0].pk)}"' in second
        assert list(_cursors(second, "before"))

    @pytest.mark.parametrize("query", ["after=x", "before=%00", "after=" + "A" * 2000, "status=nothing"])
    def test_answers_strange_questions(self, page, organization, query):
        """Invalid input is never a failure of ours."""
        assert page.get(url("orders", organization) + "?" + query).status_code in {200, 400}

    def test_needs_the_same_number_of_queries_for_one_or_25(self, page, organization, query_count):
        """Each list page has a constant number of queries."""
        make_order(organization)
        page.get(url("orders", organization))
        with query_count() as few:
            page.get(url("orders", organization))
        for _ in range(24):
            make_order(organization)
        with query_count() as many:
            page.get(url("orders", organization))
        assert many.count == few.count

    def test_does_not_know_orders_of_others(self, page, organization):
        """ORG-17."""
        foreign = make_order(make_tenant(name="Other AG"))
        for name in ("order", "cancel_order"):
            assert page.get(url(name, organization, foreign.pk)).status_code == 404


def _cursors(text, name):
    import re

    return re.findall(rf"[?&]{name}=([\w-]+)", text)


def test_a_transfer_that_came_too_late_is_told_where_the_order_is(page, organization):
    """PRD-6: what was sent lies on the prepaid account."""
    bank = make_bank()
    order = make_order(organization)
    reference = reference_to("invoice", order.invoice_id, entity=bank)
    page.post(url("cancel_order", organization, order.pk))
    assert "no longer needed" not in text_of(page.get(url("order", organization, order.pk)))
    bring(line(order.invoice.total_amount, reference, bank_reference="L1"))
    told = text_of(page.get(url("order", organization, order.pk)))
    assert "Payment that was no longer needed" in told
    assert "Show the prepaid account" in told
