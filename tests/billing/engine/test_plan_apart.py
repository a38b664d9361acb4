"""A batch of many organizations takes nothing of one for another one (BIL-11, BIL-16)."""

from billing.engine.services import plan_due
from billing.invoices.models import Invoice
from billing.renewals.models import Renewal, RenewalPreference
from billing.runs.models import Run
from organizations.profile.models import Organization
from products.inventory.models import Product
from tests.factories.billing import make_address
from tests.factories.cast import make_tenant
from tests.factories.portfolio import make_portfolio
from tests.factories.renewals import days_before, make_card, make_renewing, read


def test_what_a_former_owner_had_fixed_is_not_used_though_both_are_in_the_batch():
    """PRD-9: the giver's choice is forgotten after the transfer, and a run may come in between."""
    giver, taker = make_tenant(), make_tenant()
    own_card, card = make_card(giver), make_card(taker)
    make_renewing(giver)
    product = make_renewing(giver)
    address = read(lambda: make_address(giver), giver)
    read(
        lambda: RenewalPreference.objects.create(
            organization=giver, product=product, method=own_card, address=address
        ),
        giver,
    )
    Product.objects.using("system").filter(pk=product.pk).update(organization_id=taker.pk)
    plan_due(at=days_before(14))
    renewal = Renewal.objects.using("system").get(product_id=product.pk)
    invoice = Invoice.objects.using("system").get(pk=renewal.invoice_id)
    assert (renewal.organization_id, renewal.method_id) == (taker.pk, card.pk)
    assert invoice.billing_address_id is None
    assert invoice.buyer["name"] == taker.name


def test_an_organization_that_cannot_be_read_stops_no_other_and_is_counted():
    """BIL-11: staff see it in the report of the run; nobody else's products wait for it."""
    bad, *good = make_portfolio(3, 2)
    Organization.objects.using("system").filter(pk=bad).update(time_zone="Nowhere/Zone")
    assert plan_due(at=days_before(14)) == 2
    owners = Renewal.objects.using("system").values_list("organization_id", flat=True)
    assert set(owners) == set(good)
    run = Run.objects.get()
    assert (run.planned, run.failed, list(run.reasons)) == (4, 1, ["ZoneInfoNotFoundError"])
