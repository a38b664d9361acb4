"""The page of an order says what each line costs, by the invoice's figures (PRD-4, BIL-13)."""

from billing.invoices.selectors import list_lines
from billing.orders.selectors import get_order
from billing.orders.sums import sum_order
from manager.kit.scope import tenant_scope
from tests.billing.orders.pages import text_of, url
from tests.factories.orders import confirm_cart, fill_cart, make_order
from tests.factories.products import make_plan
from tests.factories.promotions import give_credit, make_code, put_in_cart


def place_three(organization):
    """An order with a code on all of it and a free month on its second line."""
    plain, given = make_plan(), make_plan()
    fill_cart(organization, plain, quantity=3)
    line = fill_cart(organization, given)
    fill_cart(organization)
    credit = give_credit(organization, given)
    with tenant_scope(organization.pk):
        line.free_credit = credit
        line.save(update_fields=["free_credit"])
    put_in_cart(organization, make_code("THIRD", percent=3_333))
    return confirm_cart(organization)


def sums_of(organization, order):
    with tenant_scope(organization.pk):
        read = get_order(organization=organization, order_id=order.pk)
        return sum_order(order=read), read.payable, list_lines(invoice=read.payable)


def test_each_line_is_the_invoices_to_the_cent(organization):
    """BIL-13: a third off leaves fractions; list price less discount is the net."""
    order = place_three(organization)
    sums, invoice, billed = sums_of(organization, order)
    assert [line.net.amount for line in sums.lines] == [row.net_amount for row in billed]
    assert [line.discount.amount for line in sums.lines] == [row.discount_amount for row in billed]
    assert all(line.listed == line.net + line.discount for line in sums.lines)
    assert len({line.discount.amount for line in sums.lines}) == 3
    assert (sums.net, sums.total) == (invoice.net, invoice.total)
    assert sum(rate.tax.amount for rate in sums.rates) == invoice.tax_amount


def test_the_page_shows_list_price_discount_and_net(page, organization):
    """PRD-4."""
    order = place_three(organization)
    sums, invoice, _billed = sums_of(organization, order)
    text = text_of(page.get(url("order", organization, order.pk)))
    for line in sums.lines:
        for money in (line.listed, line.discount, line.net):
            assert money.format().replace("\xa0", " ") in text
    assert "Discount THIRD: −" in text
    for money in (invoice.net, invoice.tax, invoice.total):
        assert money.format().replace("\xa0", " ") in text


def test_without_a_discount_there_is_one_price(page, organization):
    """PRD-4: no empty columns."""
    order = make_order(organization)
    text = text_of(page.get(url("order", organization, order.pk)))
    assert order.invoice.net.format().replace("\xa0", " ") in text
    assert "Discount" not in text
    assert ">Price<" not in text


def test_the_page_asks_as_much_for_one_line_as_for_many(page, organization, query_count):
    """Each page has a constant number of queries."""
    one = make_order(organization)
    for _ in range(5):
        fill_cart(organization)
    many = confirm_cart(organization)
    page.get(url("order", organization, one.pk))
    with query_count() as few:
        page.get(url("order", organization, one.pk))
    with query_count() as more:
        page.get(url("order", organization, many.pk))
    assert more.count <= few.count
