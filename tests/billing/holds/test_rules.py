"""Each rule meets what it is for, names its figures, and leaves the rest alone (PRD-5)."""

from billing.holds.rules import explain
from billing.holds.status import RuleKind
from billing.orders.status import OrderStatus
from manager.kit.scope import tenant_scope
from organizations.profile.models import Organization
from tests.factories.billing import pay_invoice
from tests.factories.holds import charge_order, hold_of, place, switch_on
from tests.factories.orders import reread_order
from tests.factories.payments import now
from tests.factories.products import make_plan


def is_held(order, organization):
    return reread_order(order, organization).status == OrderStatus.HELD


def reason(order):
    return explain(hold_of(order).findings[0]).replace("\xa0", " ")


def pay(order):
    pay_invoice(order.payable, at=now())


def test_many_orders_in_a_short_time(organization):
    """PRD-5: the third of three."""
    switch_on(RuleKind.VELOCITY, orders=3, hours=1)
    first, second = place(organization), place(organization)
    pay(first)
    third = place(organization)
    pay(third)
    assert (is_held(first, organization), is_held(third, organization)) == (False, True)
    assert reason(third).startswith("3 orders within 1 hours, together CHF")
    assert not is_held(second, organization)


def test_much_money_in_a_short_time(organization):
    """PRD-5: by the sum."""
    order = place(organization)
    switch_on(RuleKind.VELOCITY, orders=50, hours=1, amounts={"CHF": order.invoice.total_amount})
    pay(order)
    assert is_held(order, organization)


def test_a_card_of_another_country(psp, organization):
    """PRD-5: the card tells its country once it is saved."""
    switch_on(RuleKind.COUNTRY)
    at_home = place(organization)
    charge_order(at_home, organization)
    assert not is_held(at_home, organization)
    order = place(organization)
    with tenant_scope(organization.pk):
        Organization.objects.filter(pk=organization.pk).update(country="DE")
    charge_order(order, organization)
    assert is_held(order, organization)
    assert reason(order) == "The countries do not match: organization DE, billing address CH, card CH."


def test_a_large_amount(organization):
    """PRD-5: from the amount on, in the order's currency alone."""
    order, small = place(organization), place(organization)
    switch_on(RuleKind.AMOUNT, amounts={"EUR": 1})
    pay(small)
    assert not is_held(small, organization)
    switch_on(RuleKind.AMOUNT, amounts={"CHF": order.invoice.total_amount})
    pay(order)
    assert is_held(order, organization)


def test_a_domain_name_with_a_word_of_the_list(organization):
    """PRD-5."""
    switch_on(RuleKind.DOMAIN_NAME, words=["bank"])
    plan = make_plan(needs_domain_name=True)
    harmless = place(organization, plan=plan, name="example.com")
    order = place(organization, plan=plan, name="my-bank-login.com")
    pay(harmless)
    pay(order)
    assert (is_held(harmless, organization), is_held(order, organization)) == (False, True)
    assert reason(order) == "The domain name my-bank-login.com contains “bank”."


def test_an_address_of_a_pattern(organization, owner):
    """PRD-5: the login of who ordered."""
    order = place(organization, owner.pk)
    switch_on(RuleKind.EMAIL, patterns=["*@" + owner.email.partition("@")[2]])
    pay(order)
    assert owner.email in reason(order)
