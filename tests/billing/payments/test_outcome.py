"""What the page of a payment tells of a paid invoice: begun, being set up, or given back (BIL-16, PRD-7)."""

import pytest
from django.db import transaction

from billing.invoices.services.give_back import give_back
from billing.payments.outcome import FULFILLED, GIVEN_BACK, SET_UP, build_outcome
from billing.payments.services import charge_off_session
from manager.kit.scope import tenant_scope
from products.inventory.models import Product
from tests.factories.cast import client_of, make_person, make_tenant
from tests.factories.payments import ACTOR, make_method, make_order_invoice, now


@pytest.mark.parametrize(
    ("begin", "fate", "says"),
    [
        ("at once", FULFILLED, "also on its way"),
        ("refused", SET_UP, "is being set up"),
        ("given back", GIVEN_BACK, "were given back"),
    ],
)
def test_tells_what_became_of_it(psp, begin, fate, says):
    """PRD-7: it thanks for what was kept, and says where the rest is."""
    owner = make_person()
    organization = make_tenant(owner)
    invoice, product = make_order_invoice(organization)
    method = make_method(organization)
    with tenant_scope(organization.pk):
        if begin == "refused":
            Product.objects.filter(pk=product.pk).update(status="terminated")
        attempt = charge_off_session(invoice=invoice, method=method, actor=ACTOR, at=now())
        attempt.refresh_from_db()
        if begin == "given back":
            with transaction.atomic():
                give_back(invoice=attempt.invoice, why="product_not_modifiable", actor=ACTOR, at=now())
        outcome = build_outcome(attempt=attempt, can_manage=True)
    assert outcome.fate == fate
    page = client_of(owner).get(f"/o/{organization.pk}/billing/payments/{attempt.pk}/")
    assert says in page.content.decode()
