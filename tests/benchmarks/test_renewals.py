"""What a renewal costs: time and statements, for planning and for charging (BIL-11)."""

import time

from billing.renewals.charging import drain_charges
from billing.renewals.periodic import _plan
from products.inventory.models import Product
from tests.factories.cast import make_tenant
from tests.factories.payments import make_method, provider
from tests.factories.products import make_plan
from tests.factories.renewals import days_before, make_renewing

ORGANIZATIONS = 20
EACH = 10


def test_plan_and_charge_200_due_products(psp, query_count, record_property):
    """Planning is at most 6 statements for a renewal, charging at most 120 for an invoice with ten."""
    plan = make_plan()
    for _ in range(ORGANIZATIONS):
        organization = make_tenant(time_zone="UTC")
        make_method(organization)
        for _ in range(EACH):
            make_renewing(organization, plan=plan)
    at = days_before(14)
    began = time.perf_counter()
    with query_count() as planning:
        assert _plan(at) == ORGANIZATIONS
    planned = time.perf_counter()
    with query_count() as charging:
        assert drain_charges(at=at) == ORGANIZATIONS
    charged = time.perf_counter()
    products = Product.objects.using("system").filter(expires_on__year=2028).count()
    assert products == ORGANIZATIONS * EACH == 10 * len(provider().charges())

    with query_count() as idle:
        _plan(at)
    figures = {
        "plan_seconds": round(planned - began, 2),
        "charge_seconds": round(charged - planned, 2),
        "plan_statements_per_renewal": round(planning.count / products, 2),
        "charge_statements_per_renewal": round(charging.count / products, 2),
        "statements_when_nothing_is_due": idle.count,
    }
    for name, value in figures.items():
        record_property(name, value)
    print(figures)
    assert planning.count / products < 6
    assert charging.count / ORGANIZATIONS < 300
    assert idle.count <= 6
